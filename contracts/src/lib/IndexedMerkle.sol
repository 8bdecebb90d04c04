// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Merkle proofs of a leaf's position, for the trees that lib/merkle/tree.ts builds.
/// @dev leaf = keccak(0x00 ‖ data), node = keccak(0x01 ‖ left ‖ right), root = keccak(0x02 ‖ uint64 count ‖ top). The
/// prefixes distinguish leaves from nodes (RFC 6962 §2.1). An unpaired last node moves up unchanged and is never
/// duplicated (CVE-2012-2459). The root fixes the number of leaves.
library IndexedMerkle {
    function leafOf(bytes memory data) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x00), data));
    }

    /// @notice Whether `leaf` is the leaf at `index` of the tree with `count` leaves that has this root.
    /// @param siblings Siblings from the bottom up. A level at which the node is unpaired has none.
    function proves(bytes32 root, bytes32 leaf, uint64 index, uint64 count, bytes32[] calldata siblings)
        internal
        pure
        returns (bool)
    {
        if (index >= count) return false;
        bytes32 node = leaf;
        uint256 used;
        uint64 position = index;
        for (uint256 width = count; width > 1; width = (width + 1) >> 1) {
            if ((position ^ 1) < width) {
                if (used == siblings.length) return false;
                bytes32 sibling = siblings[used++];
                node = position & 1 == 1 ? _nodeOf(sibling, node) : _nodeOf(node, sibling);
            }
            position >>= 1;
        }
        return used == siblings.length && keccak256(abi.encodePacked(bytes1(0x02), count, node)) == root;
    }

    function _nodeOf(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x01), left, right));
    }
}
