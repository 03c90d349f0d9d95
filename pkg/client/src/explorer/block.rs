//! A block that is what it claims to be, whether or not it is on the chain.

use alloc::{string::ToString, vec::Vec};

use keepwell_keys::GenesisHash;
use keepwell_ledger::{
    block::{BlockHash, Header, SealedHeader, merkle_root},
    transaction::Transaction,
};
use keepwell_primitives::BlockIndex;
use keepwell_wire::api::BlockAnswer;
use serde::{Deserialize, Serialize};

use super::BlockError;
use crate::{ClientError, Relay, api};

/// A block of which was checked
/// - that its hash is that of its header, and meets the target in the header (block 0: that it is
///   this network's);
/// - that its transactions are those of the header's Merkle root;
/// - that each of them is canonical and of this network.
///
/// Not checked: that the target is the one that the chain demanded, the miner's seal, the
/// signatures and the rules of its transactions, and that the block is on the chain. The first
/// two are known of blocks that the light client has verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedBlock {
    sealed: SealedHeader,
    hash: BlockHash,
    transactions: Vec<Transaction>,
    transactions_bytes: usize,
}

/// A block by one of its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BlockChoice {
    /// By its place; which block that is may change while it is not final.
    Index(BlockIndex),
    /// By its hash.
    Hash(BlockHash),
}

impl CheckedBlock {
    /// Asks a relay for a block, and checks it.
    ///
    /// # Errors
    /// Those of the relay; [`ClientError::Block`] for a block that is not what it claims to be, or
    /// another one.
    pub async fn fetch(
        relay: &impl Relay,
        genesis_hash: &GenesisHash,
        choice: BlockChoice,
    ) -> Result<Self, ClientError> {
        let name = match choice {
            BlockChoice::Index(index) => index.to_string(),
            BlockChoice::Hash(hash) => hash.to_string(),
        };
        let answer = api::block(relay, &name).await?;
        let checked = Self::check(&answer, genesis_hash);
        let checked = checked.and_then(|block| block.chosen(choice));
        checked.map_err(|error| ClientError::block(relay, error))
    }

    /// The same block if it is the one that was asked for.
    pub(super) fn chosen(self, choice: BlockChoice) -> Result<Self, BlockError> {
        match choice {
            BlockChoice::Index(expected) if self.header().index != expected => {
                let got = self.header().index;
                Err(BlockError::OtherIndex { got, expected })
            }
            BlockChoice::Hash(expected) if self.hash != expected => {
                let got = self.hash;
                Err(BlockError::OtherBlock { got, expected })
            }
            _ => Ok(self),
        }
    }

    /// Checks what a relay answered.
    ///
    /// # Errors
    /// [`BlockError::Hash`], [`BlockError::OtherGenesis`], [`BlockError::Target`],
    /// [`BlockError::TransactionsMissing`], [`BlockError::MerkleRoot`],
    /// [`BlockError::Transaction`].
    pub fn check(answer: &BlockAnswer, genesis_hash: &GenesisHash) -> Result<Self, BlockError> {
        let header = &answer.sealed.header;
        let index = header.index;
        let hash = header.hash();
        if answer.hash != hash {
            let (got, expected) = (answer.hash, hash);
            return Err(BlockError::Hash {
                index,
                got,
                expected,
            });
        }
        check_work(header, hash, genesis_hash)?;
        let all = answer.transactions.as_ref();
        let all = all.ok_or(BlockError::TransactionsMissing { index })?;
        let bytes: Vec<&[u8]> = all.iter().map(|bytes| &bytes[..]).collect();
        let (got, expected) = (merkle_root(&bytes), header.merkle_root_hash);
        if got != expected {
            return Err(BlockError::MerkleRoot {
                index,
                got,
                expected,
            });
        }
        let parsed = bytes.iter().map(|bytes| {
            Transaction::from_bytes(bytes, genesis_hash)
                .map_err(|error| BlockError::Transaction { index, error })
        });
        Ok(Self {
            sealed: answer.sealed,
            hash,
            transactions: parsed.collect::<Result<_, _>>()?,
            transactions_bytes: bytes.iter().map(|bytes| bytes.len()).sum(),
        })
    }

    /// The header and its seal.
    pub fn sealed(&self) -> &SealedHeader {
        &self.sealed
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.sealed.header
    }

    /// The header's hash.
    pub fn hash(&self) -> BlockHash {
        self.hash
    }

    /// What is in it, in order.
    pub fn transactions(&self) -> &[Transaction] {
        &self.transactions
    }

    /// How many bytes its transactions have.
    pub fn transactions_bytes(&self) -> usize {
        self.transactions_bytes
    }
}

/// Block 0 has no proof of work: its hash is the network's name.
fn check_work(
    header: &Header,
    hash: BlockHash,
    genesis_hash: &GenesisHash,
) -> Result<(), BlockError> {
    let index = header.index;
    if index == BlockIndex::GENESIS {
        let (got, expected) = (hash, BlockHash(genesis_hash.0));
        return match got == expected {
            true => Ok(()),
            false => Err(BlockError::OtherGenesis { got, expected }),
        };
    }
    if !hash.meets(&header.target) {
        let (got, expected) = (hash, header.target);
        return Err(BlockError::Target {
            index,
            got,
            expected,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use keepwell_keys::Signature;
    use keepwell_ledger::{
        block::{MinableHeader, Target},
        transaction::MalformedTransaction,
    };
    use keepwell_primitives::{BoundedBytes, Hash};

    use super::*;
    use crate::test_network::light_client;

    fn genesis() -> (GenesisHash, Header) {
        let light = light_client();
        (light.network().hash(), *light.network().header())
    }

    /// An empty block after block 0.
    fn block() -> BlockAnswer {
        let (_, genesis) = genesis();
        let header = Header {
            index: BlockIndex(1),
            previous_hash: genesis.hash(),
            merkle_root_hash: merkle_root(&[]),
            target: Target::from_bytes([0x0f; 32]),
            ..genesis
        };
        let header = MinableHeader::new(header).search(0..=u32::MAX).unwrap();
        answer(header)
    }

    fn answer(header: Header) -> BlockAnswer {
        let mut seal = [0; 64];
        (seal[31], seal[63]) = (1, 1);
        BlockAnswer {
            hash: header.hash(),
            sealed: SealedHeader {
                header,
                seal: Signature::from_bytes(seal).unwrap(),
            },
            transactions: Some(vec![]),
        }
    }

    #[test]
    fn block_that_is_what_it_claims_passes() {
        let (genesis_hash, genesis) = genesis();
        let checked = CheckedBlock::check(&block(), &genesis_hash).unwrap();
        assert_eq!(checked.hash(), block().hash);
        assert!(CheckedBlock::check(&answer(genesis), &genesis_hash).is_ok());
    }

    #[test]
    fn each_mistake_is_named() {
        let (genesis_hash, genesis) = genesis();
        let index = BlockIndex(1);
        let check = |answer: &BlockAnswer| CheckedBlock::check(answer, &genesis_hash).unwrap_err();

        let mut misnamed = block();
        misnamed.hash = genesis.hash();
        let (got, expected) = (genesis.hash(), block().hash);
        assert_eq!(
            check(&misnamed),
            BlockError::Hash {
                index,
                got,
                expected
            }
        );

        let mut unworked = block().sealed.header;
        unworked.target = Target::from_bytes([0; 32]);
        let (got, expected) = (unworked.hash(), unworked.target);
        assert_eq!(
            check(&answer(unworked)),
            BlockError::Target {
                index,
                got,
                expected
            }
        );

        let mut without = block();
        without.transactions = None;
        assert_eq!(check(&without), BlockError::TransactionsMissing { index });

        let mut filled = block();
        filled.transactions = Some(vec![BoundedBytes::new(vec![0xc0]).unwrap()]);
        let (got, expected) = (merkle_root(&[&[0xc0]]), merkle_root(&[]));
        assert_eq!(
            check(&filled),
            BlockError::MerkleRoot {
                index,
                got,
                expected
            }
        );

        let mut header = block().sealed.header;
        header.merkle_root_hash = merkle_root(&[&[0xc0]]);
        let mut unreadable = answer(MinableHeader::new(header).search(0..=u32::MAX).unwrap());
        unreadable.transactions = filled.transactions;
        assert!(matches!(
            check(&unreadable),
            BlockError::Transaction {
                error: MalformedTransaction::NotCanonical(_),
                ..
            }
        ));

        let other = GenesisHash(Hash([7; 32]));
        let (got, expected) = (genesis.hash(), BlockHash(other.0));
        assert_eq!(
            CheckedBlock::check(&answer(genesis), &other),
            Err(BlockError::OtherGenesis { got, expected })
        );
    }
}
