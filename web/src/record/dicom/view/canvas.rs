//! The picture, on a canvas: that way it needs no encoding and no address.

use std::rc::Rc;

use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};
use yew::{AttrValue, Html, Properties, component, html, use_effect_with, use_node_ref};

use crate::record::dicom::{Picture, Study};

#[derive(Clone, PartialEq, Properties)]
pub(super) struct CanvasProps {
    pub(super) study: Rc<Study>,
    pub(super) title: AttrValue,
}

#[component]
pub(super) fn Canvas(props: &CanvasProps) -> Html {
    let node = use_node_ref();
    use_effect_with(Rc::clone(&props.study), {
        let node = node.clone();
        move |study| {
            if let (Some(canvas), Ok(picture)) = (node.cast(), &study.picture) {
                // A canvas refuses only what does not fit its size, and the reader gave both.
                let _ = draw(&canvas, picture);
            }
        }
    });
    let Ok(picture) = &props.study.picture else {
        return Html::default();
    };
    html! {
        <canvas
            ref={node}
            role="img"
            aria-label={props.title.clone()}
            width={picture.columns.to_string()}
            height={picture.rows.to_string()}
        />
    }
}

fn draw(canvas: &HtmlCanvasElement, picture: &Picture) -> Result<(), JsValue> {
    let Some(context) = canvas.get_context("2d")? else {
        return Ok(());
    };
    let context: CanvasRenderingContext2d = context.unchecked_into();
    let image = ImageData::new_with_u8_clamped_array_and_sh(
        Clamped(&picture.rgba),
        picture.columns,
        picture.rows,
    )?;
    context.put_image_data(&image, 0.0, 0.0)
}
