//! How a FHIR record is drawn: its patients and tables, or one resource of it with all its fields.

mod chart;
mod details;
mod fields;
mod patient;
mod shared;
mod table;

pub(crate) use chart::ChartView;
