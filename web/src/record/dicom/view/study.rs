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
        let value = match element.vr.as_str() {
            "DA" => iso_date(&element.value),
            // PS3.5, section 6.2.1: a name's parts are joined by `^`.
            "PN" => element.value.replace('^', " ").trim().to_owned(),
            _ => element.value.clone(),
        };
        let known = !value.is_empty();
        known.then(|| html! { <div><dt>{ label }</dt><dd>{ value }</dd></div> })
    })
}

/// PS3.5, section 6.2: a date is eight digits. Anything else stays as it is.
fn iso_date(value: &str) -> String {
    let is_date = value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_digit());
    if !is_date {
        return value.to_owned();
    }
    let (year, day) = value.split_at(4);
    let (month, day) = day.split_at(2);
    format!("{year}-{month}-{day}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_date_becomes_one() {
        assert_eq!(iso_date("20040119"), "2004-01-19");
        for value in ["", "2004", "2004.01.19", "200401191", "ääää"] {
            assert_eq!(iso_date(value), value);
        }
    }
}
