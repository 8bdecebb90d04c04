// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";

/// @title Where the models' governors come from.
/// @notice One governor per model, at an address that is known before it is there: the model's token may be sent to it
/// first.
interface IModelGovernorFactory {
    /// @notice A model's governor was created. It decides once it owns the model's token.
    event GovernorCreated(ModelId indexed modelId, address governor, address guardian);

    /// @notice Creates a model's governor, by its controller or with the first proposal; anyone may. Where there is one
    /// already, nothing happens. The model's owner at this moment becomes its guardian; where that is the governor
    /// itself, nobody does.
    function create(ModelId modelId) external returns (address governor);

    /// @notice The address of a model's governor, created or not.
    function governorOf(ModelId modelId) external view returns (address);
}
