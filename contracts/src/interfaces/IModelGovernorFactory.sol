// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";

/// @title Creates the models' governors.
/// @notice Each model has one governor, at an address that is known before the governor is created. It decides while
/// nobody has announced a majority. Whoever makes the first proposal creates it.
interface IModelGovernorFactory {
    /// @notice A model's governor was created.
    event GovernorCreated(ModelId indexed modelId, address governor);

    /// @notice Creates a model's governor. Anyone may call this. If the governor exists, nothing happens.
    function create(ModelId modelId) external returns (address governor);

    /// @notice Address of a model's governor, whether it was created or not.
    function governorOf(ModelId modelId) external view returns (address);
}
