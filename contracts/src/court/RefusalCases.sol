// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Verdict } from "../interfaces/ICaseCourt.sol";
import { Copy, ICopyRegistry } from "../interfaces/ICopyRegistry.sol";
import { Charge, Decision, IMatter } from "../interfaces/IMatter.sol";
import { IModelRegistry } from "../interfaces/IModelRegistry.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { IRefusalCases } from "../interfaces/IRefusalCases.sol";
import { Ruling } from "../interfaces/IRefusals.sol";
import { CopyId, ModelId } from "../lib/Types.sol";
import { Matter } from "./Matter.sol";

/// @notice See `IRefusalCases`.
contract RefusalCases is Matter, IRefusalCases {
    IProtocol private immutable PROTOCOL;
    ICopyRegistry private immutable COPIES;
    IModelRegistry private immutable REGISTRY;

    constructor(IProtocol protocol, ICopyRegistry copies, IModelRegistry registry, address court) Matter(court) {
        PROTOCOL = protocol;
        COPIES = copies;
        REGISTRY = registry;
    }

    /// @inheritdoc IMatter
    function open(uint256 subject, bytes32, address opener) external onlyCourt returns (Charge memory charge) {
        CopyId id = CopyId.wrap(subject);
        Copy memory copy = COPIES.copies(id);
        require(opener == copy.buyer, NotRefuser(opener, copy.buyer));

        charge.accused = copy.minter;
        charge.bond = PROTOCOL.caseBond();
        charge.atStake = uint128(copy.price) + copy.mintFee + copy.penalty + copy.leakBond;
        charge.excluded = [
            copy.buyer, copy.minter, REGISTRY.ownerOf(ModelId.unwrap(copy.modelId)), REGISTRY.controllerOf(copy.modelId)
        ];

        COPIES.openRefusal(id);
    }

    /// @inheritdoc IMatter
    function test(uint256, bytes32, bytes32, uint8) external view onlyCourt returns (uint8) { }

    /// @inheritdoc IMatter
    function close(uint256 subject, bytes32, Decision calldata decision)
        external
        onlyCourt
        returns (uint256 taken, uint256 bounty)
    {
        Ruling ruling = Ruling.Unheard;
        if (decision.verdict == Verdict.Reject) ruling = Ruling.Usable;
        if (decision.verdict == Verdict.Accept) ruling = decision.graver ? Ruling.Unusable : Ruling.Defective;
        COPIES.closeRefusal(CopyId.wrap(subject), ruling);
        return (0, 0);
    }

    /// @inheritdoc IMatter
    function isShown(uint256, bytes32, uint8) external pure returns (bool) {
        return true;
    }

    /// @inheritdoc IMatter
    function bondOf(uint256) external view returns (uint64) {
        return PROTOCOL.caseBond();
    }
}
