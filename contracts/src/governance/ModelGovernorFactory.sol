// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IModelGovernor } from "../interfaces/IModelGovernor.sol";
import { IModelGovernorFactory } from "../interfaces/IModelGovernorFactory.sol";
import { IModelRegistry } from "../interfaces/IModelRegistry.sol";
import { ModelId } from "../lib/Types.sol";
import { Clones } from "@openzeppelin/contracts/proxy/Clones.sol";

/// @notice See `IModelGovernorFactory`.
contract ModelGovernorFactory is IModelGovernorFactory {
    address private immutable IMPLEMENTATION;
    IModelRegistry private immutable REGISTRY;

    constructor(address implementation, IModelRegistry registry) {
        IMPLEMENTATION = implementation;
        REGISTRY = registry;
    }

    /// @inheritdoc IModelGovernorFactory
    function create(ModelId modelId) external returns (address governor) {
        governor = governorOf(modelId);
        if (governor.code.length > 0) return governor;
        require(REGISTRY.exists(modelId), IModelRegistry.ModelUnknown(modelId));

        Clones.cloneDeterministic(IMPLEMENTATION, bytes32(ModelId.unwrap(modelId)));
        emit GovernorCreated(modelId, governor);

        IModelGovernor(governor).initialize(modelId);
    }

    /// @inheritdoc IModelGovernorFactory
    function governorOf(ModelId modelId) public view returns (address) {
        return Clones.predictDeterministicAddress(IMPLEMENTATION, bytes32(ModelId.unwrap(modelId)));
    }
}
