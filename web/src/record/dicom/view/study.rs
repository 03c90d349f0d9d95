//! A whole DICOM file.

use std::rc::Rc;

use yew::{AttrValue, Html, Properties, component, html};

use super::{canvas::Canvas, header::HeaderTable};
use crate::record::dicom::{Picture, Study};

/// What people ask first, by keyword.
const FACTS: [(&str, &str); 9] = [
    ("PatientName", "Patient"),
    ("PatientID", "Patient id"),
    ("PatientBirthDate", "Born"),
    ("StudyDate", "Date"),
    ("Modality", "Modality"),
    ("StudyDescription", "Study"),
    ("SeriesDescription", "Series"),
    ("BodyPartExamined", "Body part"),
    ("InstitutionName", "Institution"),
];

/// A file that was read, to be drawn.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StudyViewProps {
    /// What was found in it.
    pub study: Rc<Study>,
    /// What the picture is called.
    pub title: AttrValue,
}

/// Draws a DICOM file.
#[component]
pub fn StudyView(props: &StudyViewProps) -> Html {
    let study = &props.study;
    let picture = match &study.picture {
        Ok(picture) => html! {
            <figure class="record-picture">
                <Canvas study={Rc::clone(study)} title={props.title.clone()} />
                <figcaption>{ caption(picture) }</figcaption>
            </figure>
        },
        Err(why) => html! { <p role="status">{ why.to_string() }</p> },
    };
    html! {
        <div class="record-dicom">
            { picture }
            <dl class="record-facts">{ for facts(study) }</dl>
            <HeaderTable study={Rc::clone(study)} />
        </div>
    }
}

fn caption(picture: &Picture) -> String {
    let size = format!("{} × {} pixels", picture.columns, picture.rows);
    if picture.frames > 1 {
        format!("{size}, the first of {} frames", picture.frames)
    } else {
        size
    }
}

fn facts(study: &Study) -> impl Iterator<Item = Html> {
    FACTS.into_iter().filter_map(|(keyword, label)| {
        let element = study
            .elements
            .iter()
            .find(|it| it.depth == 0 && it.keyword == keyword)?;
        // PS3.5, section 6.2.1: a name's parts are joined by `^`.
        let value = element.value.replace('^', " ");
        let value = value.trim().to_owned();
        let known = !value.is_empty();
        known.then(|| html! { <div><dt>{ label }</dt><dd>{ value }</dd></div> })
    })
}
