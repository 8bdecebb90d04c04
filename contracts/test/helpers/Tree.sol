// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IndexedMerkle } from "../../src/lib/IndexedMerkle.sol";

/// @notice Builds the trees that `IndexedMerkle` checks.
library Tree {
    function rootOf(bytes[] memory leaves) internal pure returns (bytes32) {
        bytes32[] memory level = _hashes(leaves);
        while (level.length > 1) {
            level = _above(level);
        }
        return keccak256(abi.encodePacked(bytes1(0x02), uint64(leaves.length), level[0]));
    }

    function proofOf(bytes[] memory leaves, uint256 index) internal pure returns (bytes32[] memory siblings) {
        siblings = new bytes32[](64);
        uint256 count;
        bytes32[] memory level = _hashes(leaves);
        while (level.length > 1) {
            if (index ^ 1 < level.length) siblings[count++] = level[index ^ 1];
            (level, index) = (_above(level), index >> 1);
        }
        assembly ("memory-safe") {
            mstore(siblings, count)
        }
    }

    function _hashes(bytes[] memory leaves) private pure returns (bytes32[] memory level) {
        level = new bytes32[](leaves.length);
        for (uint256 i; i < leaves.length; ++i) {
            level[i] = IndexedMerkle.leafOf(leaves[i]);
        }
    }

    function _above(bytes32[] memory level) private pure returns (bytes32[] memory above) {
        above = new bytes32[]((level.length + 1) / 2);
        for (uint256 i; i < above.length; ++i) {
            bool paired = 2 * i + 1 < level.length;
            above[i] = paired ? keccak256(abi.encodePacked(bytes1(0x01), level[2 * i], level[2 * i + 1])) : level[2 * i];
        }
    }
}
