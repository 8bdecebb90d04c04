// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";

/// @title Shares of one model: they earn and they vote.
/// @notice An ERC-20 with EIP-2612 permit and ERC-5805 votes, whose clock is the block timestamp. There are 1,000,000
/// shares with 18 decimals, and the creator receives all of them. Shares that are not delegated carry the vote of their
/// holder.
/// @dev Each is a clone that stores its constant data behind its code, because code costs a third of storage: the
/// model's number, the manifest root of the first version, parents and lineage (see `ModelRegistry`), and the metadata
/// URI of the first version. Name and symbol are derived from the number.
interface IModelShares {
    /// @notice Only the model registry may initialize shares.
    error NotRegistry(address caller, address registry);

    /// @notice This account can never be paid. Neither the shares' own contract nor the treasury may hold shares.
    error HolderInvalid(address account);

    /// @notice Gives all shares to the creator. The registry calls this once, in the transaction that deploys the
    /// clone.
    function initialize(address creator) external;

    /// @notice Number of the model.
    function modelId() external view returns (ModelId);
}
