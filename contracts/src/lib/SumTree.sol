// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice A node of a sum tree: its hash, and the sum of all leaves below it.
struct SumNode {
    bytes32 hash;
    uint64 sum;
}

/// @notice A whole tree: its root, its number of leaves and their sum.
struct SumRoot {
    bytes32 hash;
    uint64 count;
    uint64 sum;
}

/// @title Merkle sum trees: a proof shows a leaf's position and its part of the sum. lib/metering/sum-tree.ts builds
/// them.
/// @dev leaf = keccak(0x10 ‖ data), node = keccak(0x11 ‖ left hash ‖ left sum ‖ right hash ‖ right sum), root =
/// keccak(0x12 ‖ count ‖ top hash ‖ top sum), with counts and sums of 8 bytes. A node contains both sums, not only their
/// total: otherwise one of them could be overstated at the other's cost. A sum that overflows proves nothing. The
/// prefixes distinguish leaves, nodes and roots (RFC 6962 §2.1), also from those of `IndexedMerkle`. An unpaired last
/// node moves up unchanged and is never duplicated (CVE-2012-2459).
library SumTree {
    function leafOf(bytes memory data) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x10), data));
    }

    /// @notice Whether `leaf` is the leaf at `index` of this tree, with this part of its sum.
    /// @param siblings Siblings from the bottom up. A level at which the node is unpaired has none.
    function proves(SumRoot memory root, SumNode memory leaf, uint64 index, SumNode[] calldata siblings)
        internal
        pure
        returns (bool)
    {
        if (index >= root.count) return false;
        SumNode memory node = SumNode(leaf.hash, leaf.sum);
        uint256 used;
        uint64 position = index;
        for (uint256 width = root.count; width > 1; width = (width + 1) >> 1) {
            if ((position ^ 1) < width) {
                if (used == siblings.length) return false;
                SumNode calldata sibling = siblings[used++];
                node.hash = position & 1 == 1
                    ? nodeOf(sibling.hash, sibling.sum, node.hash, node.sum)
                    : nodeOf(node.hash, node.sum, sibling.hash, sibling.sum);
                if (sibling.sum > type(uint64).max - node.sum) return false;
                node.sum += sibling.sum;
            }
            position >>= 1;
        }
        return used == siblings.length && node.sum == root.sum && rootOf(root.count, node) == root.hash;
    }

    function nodeOf(bytes32 left, uint64 leftSum, bytes32 right, uint64 rightSum) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x11), left, leftSum, right, rightSum));
    }

    function rootOf(uint64 count, SumNode memory top) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x12), count, top.hash, top.sum));
    }
}
