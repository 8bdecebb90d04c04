// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IKeyLedger } from "../interfaces/IKeyLedger.sol";
import { ModelId } from "../lib/Types.sol";

/// @notice See `IKeyLedger`.
contract KeyLedger is IKeyLedger {
    address private immutable DEPLOYER;

    /// @inheritdoc IKeyLedger
    mapping(ModelId modelId => mapping(bytes32 keyHash => bool)) public burned;
    /// @inheritdoc IKeyLedger
    mapping(address account => bool) public isCourt;

    bool private _fixed;

    constructor(address deployer) {
        DEPLOYER = deployer;
    }

    /// @inheritdoc IKeyLedger
    function setCourts(address[] calldata courts) external {
        require(msg.sender == DEPLOYER, NotDeployer(msg.sender, DEPLOYER));
        require(!_fixed, CourtsAlreadySet());

        _fixed = true;
        for (uint256 i; i < courts.length; ++i) {
            isCourt[courts[i]] = true;
        }
        emit CourtsSet(courts);
    }

    /// @inheritdoc IKeyLedger
    function burn(ModelId modelId, bytes32 keyHash) external {
        require(isCourt[msg.sender], NotCourt(msg.sender));
        require(!burned[modelId][keyHash], KeyBurned(modelId, keyHash));

        burned[modelId][keyHash] = true;
        emit Burned(modelId, keyHash, msg.sender);
    }
}
