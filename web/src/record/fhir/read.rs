//! From a record's text to its chart.

use std::collections::BTreeMap;

use super::{
    FhirError,
    chart::{Chart, Remark},
    date,
    patient::Patient,
    references::References,
    resource::{Resource, ResourceNumber},
    shapes::{self, Column, OBSERVATION, OTHER, SHAPES},
    table::{Row, Table},
    words,
};
use crate::record::json::Json;

const BUNDLE: &str = "Bundle";
const PATIENT: &str = "Patient";
/// Categories of observations that come first, as HL7's `observation-category` names them.
const FIRST_CATEGORIES: [&str; 2] = ["vital signs", "laboratory"];

/// Reads a bundle or a single resource.
///
/// # Errors
/// [`FhirError`] where it is neither.
pub(crate) fn read(text: &str) -> Result<Chart, FhirError> {
    let document = Resource::new(Json::read(text)?, None).ok_or(FhirError::NotAResource)?;
    let mut remarks = Vec::new();
    let (bundle, resources) = if document.kind == BUNDLE {
        let bundle = document.body.at("type").scalar().to_owned();
        (Some(bundle), entries(document.body, &mut remarks)?)
    } else {
        (None, vec![document])
    };
    let references = References::of(&resources);
    let patients = of_kind(&resources, |kind| kind == PATIENT)
        .map(|(number, resource)| Patient::of(&references, number, &resource.body))
        .collect();
    Ok(Chart {
        bundle,
        patients,
        tables: tables(&resources, &references),
        references,
        resources,
        remarks,
    })
}

fn entries(bundle: Json, remarks: &mut Vec<Remark>) -> Result<Vec<Resource>, FhirError> {
    let Json::Object(fields) = bundle else {
        return Err(FhirError::NotAResource);
    };
    let entries = match fields.into_iter().find(|(name, _)| name == "entry") {
        None => Vec::new(),
        Some((_, Json::List(entries))) => entries,
        Some(_) => return Err(FhirError::EntriesAreNotAList),
    };
    if entries.is_empty() {
        remarks.push(Remark::NoEntries);
    }
    let mut resources = Vec::with_capacity(entries.len());
    for (entry, value) in (1..).zip(entries) {
        let full_url = value.at("fullUrl").text().map(str::to_owned);
        let body = match value {
            Json::Object(fields) => fields.into_iter().find(|(name, _)| name == "resource"),
            _ => None,
        };
        let Some((_, body)) = body else {
            remarks.push(Remark::EntryWithoutResource { entry });
            continue;
        };
        match Resource::new(body, full_url) {
            Some(resource) => resources.push(resource),
            None => remarks.push(Remark::EntryIsNotAResource { entry }),
        }
    }
    Ok(resources)
}

fn of_kind(
    resources: &[Resource],
    wanted: impl Fn(&str) -> bool,
) -> impl Iterator<Item = (ResourceNumber, &Resource)> {
    (0..)
        .map(ResourceNumber)
        .zip(resources)
        .filter(move |(_, resource)| wanted(&resource.kind))
}

/// Listed kinds in their order, then the others by name.
fn tables(resources: &[Resource], references: &References) -> Vec<Table> {
    let mut tables = Vec::new();
    for shape in &SHAPES {
        let mut groups: BTreeMap<(usize, String), Vec<Row>> = BTreeMap::new();
        for (number, resource) in of_kind(resources, |kind| kind == shape.kind) {
            let group = match shape.kind {
                OBSERVATION => category(references, &resource.body),
                _ => (0, String::new()),
            };
            let row = row(references, number, resource, shape.columns);
            groups.entry(group).or_default().push(row);
        }
        for ((_, category), rows) in groups {
            let caption = match category.as_str() {
                "" => shape.caption.to_owned(),
                category => format!("{}: {category}", shape.caption),
            };
            let table = table(caption, shape.first_read, shape.columns, rows, resources);
            tables.push(table);
        }
    }
    let is_other = |kind: &str| kind != PATIENT && SHAPES.iter().all(|shape| shape.kind != kind);
    let mut others: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for (number, resource) in of_kind(resources, is_other) {
        let row = row(references, number, resource, &OTHER);
        others.entry(&resource.kind).or_default().push(row);
    }
    tables.extend(
        others
            .into_iter()
            .map(|(kind, rows)| table(words::plural(kind), false, &OTHER, rows, resources)),
    );
    tables
}

fn table(
    caption: String,
    first_read: bool,
    columns: &[Column],
    mut rows: Vec<Row>,
    resources: &[Resource],
) -> Table {
    // Newest first; those without a date last, in the record's order.
    rows.sort_by_cached_key(|row| {
        let body = resources.get(row.resource.0).map(|it| &it.body);
        let when = body.map(shapes::when);
        let start = when.map(|when| [when, when.at("start"), when.at("end")]);
        let dates = start.into_iter().flatten().filter_map(Json::text);
        std::cmp::Reverse(dates.filter_map(date::moment).next())
    });
    Table {
        caption,
        first_read,
        headings: columns.iter().map(|column| column.heading).collect(),
        rows,
    }
}

fn row(
    references: &References,
    number: ResourceNumber,
    resource: &Resource,
    columns: &[Column],
) -> Row {
    let cells = columns
        .iter()
        .map(|column| (column.cell)(references, &resource.body));
    let mut cells: Vec<String> = cells.collect();
    if let Some(name) = cells.first_mut()
        && name.is_empty()
    {
        *name = called(references, number, resource);
    }
    Row {
        resource: number,
        cells,
    }
}

/// Its title, or where it has none its kind and id.
fn called(references: &References, number: ResourceNumber, resource: &Resource) -> String {
    let title = references.title_of(number);
    if !title.is_empty() {
        return title.to_owned();
    }
    let kind = words::spaced(&resource.kind);
    match resource.id() {
        Some(id) => format!("{kind} {id}"),
        None => format!("{kind} without a name"),
    }
}

/// Where an observation's group stands among the others, and what it is called.
fn category(references: &References, observation: &Json) -> (usize, String) {
    let category = references.readable(observation.at("category").first());
    let category = words::of_code(&category.to_lowercase());
    if category.is_empty() {
        return (FIRST_CATEGORIES.len() + 1, "other".to_owned());
    }
    let place = FIRST_CATEGORIES.iter().position(|first| *first == category);
    (place.unwrap_or(FIRST_CATEGORIES.len()), category)
}

#[cfg(test)]
mod tests;
