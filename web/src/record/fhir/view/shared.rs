//! One chart in the hands of many components.

use std::{ops::Deref, rc::Rc};

use crate::record::fhir::chart::Chart;

/// A chart never changes: it is equal to itself, and comparing its contents at every drawing would
/// cost more than drawing them.
#[derive(Clone)]
pub(crate) struct SharedChart(Rc<Chart>);

impl SharedChart {
    pub(crate) fn new(chart: Chart) -> Self {
        Self(Rc::new(chart))
    }
}

impl PartialEq for SharedChart {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for SharedChart {
    type Target = Chart;

    fn deref(&self) -> &Chart {
        &self.0
    }
}
