// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title The root of a copy's fingerprints, equal to that of lib/fingerprint/keyset/commitment.ts.
/// @dev The prefix distinguishes it from the leaves, nodes and roots of `IndexedMerkle` and `SumTree`.
library Fingerprints {
    /// @notice Names the key pool that a copy's keys were taken from, and the copy's responses.
    /// @param keyPoolRoot Root that `IModelRegistry.commitKeyPool` fixed for the version.
    /// @param responsesRoot Merkle root (`IndexedMerkle`) of the copy's salted leaves, one for each key.
    function rootOf(bytes32 keyPoolRoot, bytes32 responsesRoot) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x20), keyPoolRoot, responsesRoot));
    }
}
