// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Number of a model, from 1. Also its ERC-721 token id.
type ModelId is uint256;

/// @notice Number of a copy, from 1. 0 stands for "no copy".
type CopyId is uint256;

using { equalModelIds as == } for ModelId global;

function equalModelIds(ModelId a, ModelId b) pure returns (bool) {
    return ModelId.unwrap(a) == ModelId.unwrap(b);
}

/// @dev The whole, in basis points.
uint256 constant BPS = 10_000;

/// @dev Shares of one model: 1,000,000 with 18 decimals, never more and never less.
uint256 constant SHARE_SUPPLY = 1_000_000e18;

/// @dev Credited with what is burned: nobody has its key.
address constant BURNED = 0x000000000000000000000000000000000000dEaD;
