// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";

/// @title Creates the models' governors.
/// @notice Each model has one governor, at an address that is known before the governor is created. The model's token
/// may be sent there first.
interface IModelGovernorFactory {
    /// @notice A model's governor was created. It takes effect once it owns the model's token.
    event GovernorCreated(ModelId indexed modelId, address governor, address guardian);

    /// @notice Creates a model's governor. Anyone may call this. If the governor exists, nothing happens. The model's
    /// owner at this moment becomes the guardian; if the governor itself is the owner, there is no guardian.
    function create(ModelId modelId) external returns (address governor);

    /// @notice Address of a model's governor, whether it was created or not.
    function governorOf(ModelId modelId) external view returns (address);
}
