// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IDeployer } from "../interfaces/IDeployer.sol";

/// @notice See `IDeployer`.
contract Deployer is IDeployer {
    address private immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    /// @inheritdoc IDeployer
    function create(bytes calldata creationCode) external returns (address created) {
        require(msg.sender == OWNER, NotOwner(msg.sender, OWNER));

        bytes memory code = creationCode;
        assembly ("memory-safe") {
            created := create(0, add(code, 32), mload(code))
        }
        require(created != address(0), CreationFailed(_reason()));

        emit Created(created);
    }

    /// @dev Return data of the last call or creation.
    function _reason() private pure returns (bytes memory reason) {
        assembly ("memory-safe") {
            reason := mload(0x40)
            mstore(reason, returndatasize())
            returndatacopy(add(reason, 32), 0, returndatasize())
            mstore(0x40, and(add(add(reason, returndatasize()), 63), not(31)))
        }
    }
}
