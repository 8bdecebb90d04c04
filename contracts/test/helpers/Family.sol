// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ParentCases } from "../../src/court/ParentCases.sol";
import { ModelGovernor } from "../../src/governance/ModelGovernor.sol";
import { ModelGovernorFactory } from "../../src/governance/ModelGovernorFactory.sol";
import { Protocol } from "../../src/governance/Protocol.sol";
import { ModelShares } from "../../src/money/ModelShares.sol";
import { CopyRegistry } from "../../src/registry/CopyRegistry.sol";
import { ModelRegistry } from "../../src/registry/ModelRegistry.sol";
import { Origins } from "../../src/registry/Origins.sol";
import { MintableUSD, OpenTreasury } from "./Harness.sol";
import { Vm } from "./Vm.sol";

/// @notice Models without copies, as they are deployed: registry, shares, treasury, origins and the cases about them.
contract Family {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    ModelRegistry public registry;
    OpenTreasury public treasury;
    Origins public origins;
    ParentCases public cases;

    constructor(MintableUSD usd, Protocol protocol, uint48 standing, address court) {
        ModelRegistry registryAt = ModelRegistry(_created(2));
        OpenTreasury treasuryAt = OpenTreasury(_created(3));
        ModelGovernorFactory factoryAt = ModelGovernorFactory(_created(5));
        Origins originsAt = Origins(_created(6));
        address shares = address(new ModelShares(address(registryAt), treasuryAt, standing));
        registry = new ModelRegistry(shares, CopyRegistry(address(0)), protocol, factoryAt, originsAt);
        treasury = new OpenTreasury(usd, registry, protocol, address(0), address(originsAt), address(1), address(2));
        new ModelGovernorFactory(address(new ModelGovernor(usd, registry, treasury)), registry);
        origins = new Origins(usd, protocol, registry, treasury, _created(7));
        cases = new ParentCases(usd, protocol, registry, origins, court);
    }

    function _created(uint256 nonce) private view returns (address) {
        return vm.computeCreateAddress(address(this), nonce);
    }
}
