//! A FHIR record (HL7 FHIR R4): read into a chart of plain values, and drawn from that.

mod base64;
mod chart;
mod date;
mod decimal;
mod error;
mod markup;
mod patient;
mod read;
mod readable;
mod references;
mod resource;
mod shapes;
mod table;
mod view;
mod words;

pub(crate) use chart::Chart;
pub(crate) use error::FhirError;
pub(crate) use read::read;
pub(crate) use view::ChartView;
