// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";

/// @title The shares of one model: they earn and they vote.
/// @notice An ERC-20 with EIP-2612 permit and ERC-5805 votes on the clock of timestamps; 1,000,000 shares with 18
/// decimals, all of them the creator's at first. Who never delegates votes with their own weight.
/// @dev Each is a clone that carries what never changes behind its code, since code costs a third of storage: the model's
/// number, then the manifest root and the metadata URI of its first version. Names follow from the number.
interface IModelShares {
    /// @notice Only the model registry creates shares.
    error NotRegistry(address caller, address registry);

    /// @notice This account can never be paid: neither the shares' own contract nor the treasury may hold shares.
    error HolderInvalid(address account);

    /// @notice Gives the creator all shares. The registry calls this once, in the transaction that deploys the clone.
    function initialize(address creator) external;

    /// @notice The model that these shares are of.
    function modelId() external view returns (ModelId);
}
