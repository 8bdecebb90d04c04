// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId } from "./Types.sol";

/// @notice A host's signed record of one inference. Indexes count 0, 1, 2, … within an epoch of a copy.
/// @param user Who asked; zero for the anonymous.
/// @param promptHash `Receipts.promptHashOf`.
/// @param responseHash `Receipts.responseHashOf`.
/// @param units Tokens of prompt and answer, counted by the model's own tokenizer, as delivered.
/// @param issuedAt Unix seconds.
struct Receipt {
    CopyId copyId;
    uint64 epoch;
    uint64 index;
    address user;
    bytes32 promptHash;
    bytes32 responseHash;
    uint64 units;
    uint64 issuedAt;
}

/// @notice A host's commitment to one epoch's receipts: the root of a sum tree (`SumTree`). Leaf i is `Receipts.hash` of
/// receipt i, with the receipt's units as its part of the sum.
/// @param count Number of receipts.
/// @param units Sum of their units.
struct Report {
    CopyId copyId;
    uint64 epoch;
    uint64 count;
    uint64 units;
    bytes32 receiptsRoot;
}

/// @title Hashes of the EIP-712 structs that hosts sign, equal to those of lib/metering/receipt.ts. The domain is the
/// usage ledger's.
library Receipts {
    bytes32 internal constant RECEIPT_TYPEHASH = keccak256(
        "Receipt(uint256 copyId,uint64 epoch,uint64 index,address user,bytes32 promptHash,bytes32 responseHash,uint64 units,uint64 issuedAt)"
    );
    bytes32 internal constant REPORT_TYPEHASH =
        keccak256("Report(uint256 copyId,uint64 epoch,uint64 count,uint64 units,bytes32 receiptsRoot)");

    function hash(Receipt memory receipt) internal pure returns (bytes32) {
        return keccak256(abi.encode(RECEIPT_TYPEHASH, receipt));
    }

    function hash(Report memory report) internal pure returns (bytes32) {
        return keccak256(abi.encode(REPORT_TYPEHASH, report));
    }

    /// @notice Hides the prompt until the salt is published. `keyHash` is keccak256 of the prompt's token ids, 4 bytes
    /// each.
    function promptHashOf(bytes32 salt, bytes32 keyHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(salt, keyHash));
    }

    /// @notice Allows the first token to be proven without the others. `firstHash` is keccak256 of its id, `answerHash`
    /// of all ids, 4 bytes each.
    function responseHashOf(bytes32 firstHash, bytes32 answerHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(firstHash, answerHash));
    }
}
