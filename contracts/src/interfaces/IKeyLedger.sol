// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";

/// @title Keys that were published on chain.
/// @notice A key that anyone can read proves nothing. Publishing a key burns it permanently for every copy of its
/// model.
interface IKeyLedger {
    /// @notice Only a court may burn keys.
    error NotCourt(address caller);

    /// @notice The key was already burned, so it is no evidence.
    error KeyBurned(ModelId modelId, bytes32 keyHash);

    /// @notice The courts were already set. They cannot be changed.
    error CourtsAlreadySet();

    /// @notice Only the deployer may set the courts.
    error NotDeployer(address caller, address deployer);

    /// @notice The courts were set. This happens once.
    event CourtsSet(address[] courts);

    /// @notice A key was burned.
    event Burned(ModelId indexed modelId, bytes32 indexed keyHash, address indexed court);

    /// @notice Sets the courts. Only the deployer may call this, once.
    function setCourts(address[] calldata courts) external;

    /// @notice Burns a key of a model. Reverts if it is already burned.
    function burn(ModelId modelId, bytes32 keyHash) external;

    /// @notice Whether the key is burned.
    function burned(ModelId modelId, bytes32 keyHash) external view returns (bool);

    /// @notice Whether this account is a court: it may burn keys.
    function isCourt(address account) external view returns (bool);
}
