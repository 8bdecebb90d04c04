// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";

/// @title The keys that were opened on chain.
/// @notice A key that anyone can read proves nothing any more: once opened it is burned for every copy of its model,
/// for ever. One leaf, one opening.
interface IKeyLedger {
    /// @notice Only the courts burn keys.
    error NotCourt(address caller);

    /// @notice The key was opened before, so it is no evidence now.
    error KeyBurned(ModelId modelId, bytes32 keyHash);

    /// @notice The courts are fixed: the ledger obeys them for ever and nobody else.
    error CourtsAlreadySet();

    /// @notice Only the account that deployed the ledger names its courts.
    error NotDeployer(address caller, address deployer);

    /// @notice The ledger's courts were named. Once.
    event CourtsSet(address[] courts);

    /// @notice A key was opened.
    event Burned(ModelId indexed modelId, bytes32 indexed keyHash, address indexed court);

    /// @notice Names the courts. Once, by the deployer.
    function setCourts(address[] calldata courts) external;

    /// @notice Burns a key of a model. Reverts where it is burned already.
    function burn(ModelId modelId, bytes32 keyHash) external;

    /// @notice Whether the key was opened.
    function burned(ModelId modelId, bytes32 keyHash) external view returns (bool);

    /// @notice Whether this account burns keys.
    function isCourt(address account) external view returns (bool);
}
