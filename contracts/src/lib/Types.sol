// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Model number, counted from 1. Also the model's ERC-721 token id.
type ModelId is uint256;

/// @notice Copy number, counted from 1. 0 means "no copy".
type CopyId is uint256;

using { equalModelIds as == } for ModelId global;

function equalModelIds(ModelId a, ModelId b) pure returns (bool) {
    return ModelId.unwrap(a) == ModelId.unwrap(b);
}

/// @dev 100 % in basis points.
uint256 constant BPS = 10_000;

/// @dev Prices and fees of served tokens are per million.
uint256 constant MILLION = 1_000_000;

/// @dev Number of shares of one model: 1,000,000 with 18 decimals. It never changes.
uint256 constant SHARE_SUPPLY = 1_000_000e18;

/// @dev Account that is credited with burned money. Nobody has its key.
address constant BURNED = 0x000000000000000000000000000000000000dEaD;
