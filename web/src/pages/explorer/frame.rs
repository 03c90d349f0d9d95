//! What every page of the explorer has on top: its name, and the ways to the others.

use yew::{AttrValue, Html, Properties, component, html};

use crate::{
    components::{PageHeading, SubNavigation},
    route::Route,
};

/// A part of the explorer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Blocks,
    Waiting,
    Hospitals,
    Peers,
}

impl Part {
    const ALL: [Self; 4] = [Self::Blocks, Self::Waiting, Self::Hospitals, Self::Peers];

    fn way(self) -> (Route, &'static str) {
        match self {
            Self::Blocks => (Route::Explorer, "Blocks"),
            Self::Waiting => (Route::ExplorerWaiting, "Waiting"),
            Self::Hospitals => (Route::ExplorerHospitals, "Hospitals"),
            Self::Peers => (Route::ExplorerPeers, "Peers"),
        }
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct FrameProps {
    pub(super) part: Part,
    pub(super) title: AttrValue,
    #[prop_or_default]
    pub(super) lead: Option<AttrValue>,
    pub(super) children: Html,
}

#[component]
pub(super) fn Frame(props: &FrameProps) -> Html {
    let ways = Part::ALL.map(|part| {
        let (to, label) = part.way();
        (to, AttrValue::from(label), part == props.part)
    });
    html! {
        <div class="explorer">
            <SubNavigation<Route> label="Explorer" ways={ways.to_vec()} />
            <PageHeading title={props.title.clone()} lead={props.lead.clone()} />
            { props.children.clone() }
        </div>
    }
}
