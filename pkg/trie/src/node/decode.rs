//! From bytes to a node, strictly: bytes that this accepts are the only ones for their node.
//!
//! The caller has compared the hash before. A node without its own place in the trie proves
//! nothing, so the place (what it hangs under, how deep) is checked with it.

use alloc::boxed::Box;

use alloy_rlp::Header;
use keepwell_primitives::Hash;

use super::{HASHED_BYTES_MIN, Node, NodeError, Parent};
use crate::path::NibblePath;

/// A node over the bytes it was read from.
pub(crate) type DecodedNode<'b> = Node<&'b [u8], DecodedChild<'b>>;

/// What a node's bytes say of a child.
#[derive(Clone, Debug)]
pub(crate) enum DecodedChild<'b> {
    Absent,
    Hashed(Hash),
    /// Has no hashed children itself: 32 bytes of a hash do not fit in.
    Inlined(Box<DecodedNode<'b>>),
}

/// The node that stands at `depth` nibbles under `parent`, given its own hashed bytes.
pub(crate) fn decode_node(
    bytes: &[u8],
    parent: Parent,
    depth: usize,
) -> Result<DecodedNode<'_>, NodeError> {
    if parent != Parent::None && bytes.len() < HASHED_BYTES_MIN {
        return Err(NodeError::ChildHashed {
            got: bytes.len(),
            limit: HASHED_BYTES_MIN,
        });
    }
    let mut rest = bytes;
    let node = decode_list(&mut rest, parent, depth)?;
    if !rest.is_empty() {
        return Err(NodeError::TrailingBytes { got: rest.len() });
    }
    Ok(node)
}

/// One item of a node's list: RLP is either a string or a list, kept with its header.
#[derive(Clone, Copy)]
struct Item<'b> {
    is_list: bool,
    payload: &'b [u8],
    whole: &'b [u8],
}

impl<'b> Item<'b> {
    fn decode(rest: &mut &'b [u8]) -> Result<Self, NodeError> {
        let start = *rest;
        let header = Header::decode(rest)?;
        let (payload, after) = rest
            .split_at_checked(header.payload_length)
            .ok_or(alloy_rlp::Error::InputTooShort)?;
        *rest = after;
        let whole_bytes = start.len() - after.len();
        Ok(Self {
            is_list: header.list,
            payload,
            whole: start.get(..whole_bytes).unwrap_or_default(),
        })
    }

    fn string(self) -> Result<&'b [u8], NodeError> {
        if self.is_list {
            return Err(alloy_rlp::Error::UnexpectedList.into());
        }
        Ok(self.payload)
    }
}

/// Recursion is bounded by the bytes: a child that recurses has fewer than 32.
fn decode_list<'b>(
    rest: &mut &'b [u8],
    parent: Parent,
    depth: usize,
) -> Result<DecodedNode<'b>, NodeError> {
    let list = Item::decode(rest)?;
    if !list.is_list {
        return Err(alloy_rlp::Error::UnexpectedString.into());
    }
    let mut items = [None; 17];
    let mut count = 0;
    let mut payload = list.payload;
    while !payload.is_empty() {
        let item = Item::decode(&mut payload)?;
        if let Some(slot) = items.get_mut(count) {
            *slot = Some(item);
        }
        count += 1;
        if count > items.len() {
            break;
        }
    }
    match items {
        [Some(path), Some(content), None, ..] => decode_short(path, content, parent, depth),
        [children @ .., Some(value)] => decode_branch(children, value, count, depth),
        _ => Err(NodeError::ItemCount { got: count }),
    }
}

/// A leaf or an extension.
fn decode_short<'b>(
    path: Item<'b>,
    content: Item<'b>,
    parent: Parent,
    depth: usize,
) -> Result<DecodedNode<'b>, NodeError> {
    if parent == Parent::Extension {
        return Err(NodeError::ExtensionWithoutBranch);
    }
    let (path, is_leaf) = NibblePath::from_hex_prefix(path.string()?)?;
    let end = depth + path.len();
    NodeError::check_path_length(end)?;
    if is_leaf {
        let value = content.string()?;
        if value.is_empty() {
            return Err(NodeError::ValueEmpty);
        }
        NodeError::check_value_depth(end)?;
        return Ok(Node::Leaf { path, value });
    }
    if path.len() == 0 {
        return Err(NodeError::ExtensionEmpty);
    }
    let child = decode_child(content, Parent::Extension, end)?;
    if matches!(child, DecodedChild::Absent) {
        return Err(NodeError::ExtensionWithoutBranch);
    }
    Ok(Node::Extension { path, child })
}

fn decode_branch<'b>(
    items: [Option<Item<'b>>; 16],
    value: Item<'b>,
    count: usize,
    depth: usize,
) -> Result<DecodedNode<'b>, NodeError> {
    if count > 17 {
        return Err(NodeError::ItemCount { got: count });
    }
    NodeError::check_path_length(depth)?;
    let mut children = Box::new([const { DecodedChild::Absent }; 16]);
    let mut occupants = 0;
    for (child, item) in children.iter_mut().zip(items.into_iter().flatten()) {
        *child = decode_child(item, Parent::Branch, depth + 1)?;
        occupants += usize::from(!matches!(child, DecodedChild::Absent));
    }
    let value = Some(value.string()?).filter(|value| !value.is_empty());
    if value.is_some() {
        NodeError::check_value_depth(depth)?;
        occupants += 1;
    }
    if occupants < 2 {
        return Err(NodeError::BranchOccupants {
            got: occupants,
            expected: 2,
        });
    }
    Ok(Node::Branch { children, value })
}

fn decode_child<'b>(
    item: Item<'b>,
    parent: Parent,
    depth: usize,
) -> Result<DecodedChild<'b>, NodeError> {
    if item.is_list {
        if item.whole.len() >= HASHED_BYTES_MIN {
            return Err(NodeError::ChildInlined {
                got: item.whole.len(),
                limit: HASHED_BYTES_MIN,
            });
        }
        let mut rest = item.whole;
        let node = decode_list(&mut rest, parent, depth)?;
        return Ok(DecodedChild::Inlined(Box::new(node)));
    }
    if item.payload.is_empty() {
        return Ok(DecodedChild::Absent);
    }
    let hash = item
        .payload
        .try_into()
        .map_err(|_| NodeError::ChildLength {
            got: item.payload.len(),
            expected: 32,
        })?;
    Ok(DecodedChild::Hashed(Hash(hash)))
}
