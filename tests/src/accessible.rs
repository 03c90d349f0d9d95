//! Elements by what assistive technology is told of them: their role and their name.

use fantoccini::{
    Client, Locator, elements::Element, error::CmdError, wd::WebDriverCompatibleCommand,
};
use http::Method;
use url::{ParseError, Url};

/// The elements of this role whose accessible name is exactly this.
pub(crate) async fn find_all(
    client: &Client,
    role: &str,
    name: &str,
) -> Result<Vec<Element>, CmdError> {
    let mut found = Vec::new();
    for element in client.find_all(Locator::Css(&candidates(role))).await? {
        if computed(client, &element, "computedrole").await? == role
            && computed(client, &element, "computedlabel").await? == name
        {
            found.push(element);
        }
    }
    Ok(found)
}

/// A selector for what may have a role, so that not every element must be asked. HTML
/// Accessibility API Mappings, section 3.
fn candidates(role: &str) -> String {
    let native = match role {
        "alertdialog" | "dialog" => "dialog",
        "banner" => "header",
        "button" => "button, summary, input",
        "cell" => "td",
        "checkbox" | "radio" | "searchbox" | "slider" | "spinbutton" | "switch" => "input",
        "columnheader" | "rowheader" => "th",
        "combobox" | "listbox" => "select, input",
        "contentinfo" => "footer",
        "figure" => "figure",
        "form" => "form",
        "group" => "fieldset, details",
        "heading" => "h1, h2, h3, h4, h5, h6",
        "image" | "img" => "img, svg, canvas",
        "link" => "a, area",
        "list" => "ul, ol, menu",
        "listitem" => "li",
        "main" => "main",
        "navigation" => "nav",
        "option" => "option",
        "progressbar" => "progress",
        "region" => "section",
        "row" => "tr",
        "status" => "output",
        "table" => "table",
        "textbox" => "input, textarea",
        _ => "",
    };
    if native.is_empty() {
        format!("[role={role}]")
    } else {
        format!("{native}, [role={role}]")
    }
}

async fn computed(
    client: &Client,
    element: &Element,
    property: &'static str,
) -> Result<String, CmdError> {
    let answer = client
        .issue_cmd(Computed {
            element: element.element_id().to_string(),
            property,
        })
        .await?;
    Ok(answer.as_str().unwrap_or_default().to_owned())
}

/// Get Computed Role and Get Computed Label, WebDriver sections 12.4.8 and 12.4.9.
#[derive(Debug)]
struct Computed {
    element: String,
    property: &'static str,
}

impl WebDriverCompatibleCommand for Computed {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/element/{}/{}",
            session.unwrap_or_default(),
            self.element,
            self.property
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::GET, None)
    }
}
