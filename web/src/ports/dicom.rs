//! The program that reads DICOM files: how the page asks it, and how it answers.
//!
//! It is asked one question and is then ended, so it speaks the browser's own messages: the file's
//! blob to it, the answer back. gloo's bridge does not tell that a program could not be loaded or
//! has died, and a page would wait for ever; here both are errors.

use std::{cell::RefCell, rc::Rc};

use futures::channel::oneshot;
use js_sys::{Function, global};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, DedicatedWorkerGlobalScope, Event, MessageEvent, Worker};

use super::blob;
use crate::record::dicom::{DicomError, Study, read as read_bytes};

/// Built by trunk beside the page, under the name of its binary.
const PROGRAM: &str = "/keepwell-dicom_loader.js";
/// Its first message: what is sent before a program listens is lost.
const LISTENING: &str = "listening";

/// Why there is no study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub(crate) enum DicomPortError {
    #[error(transparent)]
    File(#[from] DicomError),
    #[error("This browser could not read this record.")]
    Unreadable,
    #[error("The part of Keepwell that shows DICOM files could not be loaded, or it failed.")]
    NoProgram,
}

/// Has the program read a file.
pub(crate) async fn read(file: &Blob) -> Result<Study, DicomPortError> {
    let question = Question::ask(file).ok_or(DicomPortError::NoProgram)?;
    let answer = question.answer.await.ok().flatten();
    let answer = answer.ok_or(DicomPortError::NoProgram)?;
    serde_wasm_bindgen::from_value::<Result<_, _>>(answer).map_err(|_| DicomPortError::NoProgram)?
}

/// A program at work, and what listens to it.
struct Question {
    answer: oneshot::Receiver<Option<JsValue>>,
    _listening: Listening,
}

struct Listening {
    program: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_failure: Closure<dyn FnMut(Event)>,
}

impl Question {
    fn ask(file: &Blob) -> Option<Self> {
        let program = Worker::new(PROGRAM).ok()?;
        let (sender, answer) = oneshot::channel();
        // Whichever comes first: the answer, or the failure.
        let sender = Rc::new(RefCell::new(Some(sender)));
        let settle = move |answer| {
            if let Some(sender) = sender.borrow_mut().take() {
                // Nobody waits for it any more if this fails.
                let _ = sender.send(answer);
            }
        };
        let on_message = Closure::new({
            let (program, file, settle) = (program.clone(), file.clone(), settle.clone());
            move |message: MessageEvent| {
                if message.data().as_string().as_deref() != Some(LISTENING) {
                    settle(Some(message.data()));
                } else if program.post_message(&file).is_err() {
                    settle(None);
                }
            }
        });
        let on_failure = Closure::new(move |_| settle(None));
        program.set_onmessage(Some(function(&on_message)));
        program.set_onerror(Some(function(&on_failure)));
        Some(Self {
            answer,
            _listening: Listening {
                program,
                _on_message: on_message,
                _on_failure: on_failure,
            },
        })
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.program.set_onmessage(None);
        self.program.set_onerror(None);
        self.program.terminate();
    }
}

fn function<T: ?Sized + wasm_bindgen::closure::WasmClosure>(closure: &Closure<T>) -> &Function {
    closure.as_ref().unchecked_ref()
}

/// The program's side: reads each file that it is sent, and says what it found.
pub fn answer_the_page() {
    let page: DedicatedWorkerGlobalScope = global().unchecked_into();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new({
        let page = page.clone();
        move |message: MessageEvent| {
            let page = page.clone();
            spawn_local(async move { answer(&page, message.data()).await });
        }
    });
    page.set_onmessage(Some(function(&on_message)));
    // Listens as long as the program lives.
    on_message.forget();
    post(&page, &LISTENING.into());
}

async fn answer(page: &DedicatedWorkerGlobalScope, file: JsValue) {
    let study = match file.dyn_into::<Blob>() {
        Ok(file) => blob::bytes(&file).await.ok_or(DicomPortError::Unreadable),
        Err(_) => Err(DicomPortError::Unreadable),
    };
    let study = study.and_then(|bytes| Ok(read_bytes(&bytes)?));
    // Without an answer the page says that this program failed.
    let answer = serde_wasm_bindgen::to_value(&study).unwrap_or(JsValue::NULL);
    post(page, &answer);
}

fn post(page: &DedicatedWorkerGlobalScope, message: &JsValue) {
    // Fails only for what cannot be copied, and these are plain values.
    let _ = page.post_message(message);
}
