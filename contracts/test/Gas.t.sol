// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { OrderRequest } from "../src/interfaces/ICopyRegistry.sol";
import { ParentRef } from "../src/interfaces/IModelRegistry.sol";
import { Receipt, Report } from "../src/lib/Receipts.sol";
import { CopyId, ModelId } from "../src/lib/Types.sol";
import { ServingBase } from "./helpers/ServingBase.sol";

/// @notice Gas of each step of the main story with the production profile, written to snapshots/ and committed:
/// FOUNDRY_PROFILE=production forge test
contract GasTest is ServingBase {
    function setUp() public override {
        _deploy();
    }

    /// forge-config: production.isolate = true
    function test_gas() public {
        root = _root();
        vm.snapshotGasLastCall("register");
        ModelId child = _register(DERIVER, _terms(), _refs(root));
        vm.snapshotGasLastCall("register with a parent");

        _active(BUYER, child);
        OrderRequest memory request = _request(child);
        _fund(BUYER, address(copyRegistry), 75e6);
        vm.prank(BUYER);
        copyId = copyRegistry.order(request);
        vm.snapshotGasLastCall("order");
        vm.prank(MINTER);
        copyRegistry.deliver(copyId, ARTIFACT_ROOT, FINGERPRINT_ROOT);
        vm.snapshotGasLastCall("deliver");
        vm.prank(BUYER);
        copyRegistry.accept(copyId);
        vm.snapshotGasLastCall("accept");

        _accrue();
        treasury.claim(child, DERIVER);
        vm.snapshotGasLastCall("claim (first, into an empty wallet)");
        _pay(child, 10e6);
        _accrue();
        treasury.claim(child, DERIVER);
        vm.snapshotGasLastCall("claim");

        _serve();

        vm.prank(BUYER);
        copyRegistry.close(copyId);
        vm.snapshotGasLastCall("close");
        vm.warp(START + 30 days);
        copyRegistry.withdraw(copyId);
        vm.snapshotGasLastCall("withdraw");
    }

    /// @dev Models with 3 and with 16 ancestors that earn, and a second payment in an epoch for each.
    /// forge-config: production.isolate = true
    function test_gas_lineage() public {
        root = _root();
        ModelId[] memory family = new ModelId[](16);
        for (uint256 i; i < 16; ++i) {
            family[i] =
                _register(CREATOR, _termsWith(300, DERIVE | FREE_TO_DERIVE), i == 0 ? _refs() : _refs(family[i - 1]));
        }
        ParentRef[] memory refs = _refs(family[2]);
        ModelId three = _register(DERIVER, _termsWith(300, DERIVE), refs);
        vm.snapshotGasLastCall("register with 3 ancestors");
        refs = _refs(family[15]);
        ModelId sixteen = _register(DERIVER, _termsWith(300, DERIVE), refs);
        vm.snapshotGasLastCall("register with 16 ancestors");
        _pay(sixteen, 10e6);
        vm.snapshotGasLastCall("pay with 16 ancestors (first)");
        _paySecond(sixteen);
        vm.snapshotGasLastCall("pay with 16 ancestors");
        _pay(three, 10e6);
        _paySecond(three);
        vm.snapshotGasLastCall("pay with 3 ancestors");
        _pay(root, 10e6);
        _paySecond(root);
        vm.snapshotGasLastCall("pay");
    }

    function _paySecond(ModelId id) private {
        _fund(BUYER, address(treasury), 10e6);
        vm.prank(BUYER);
        treasury.pay(id, 10e6, MINTER);
    }

    /// @dev A first and a second report, and a challenge of a receipt as missing from the second.
    function _serve() private {
        vm.prank(BUYER);
        ledger.openDeployment(copyId, URL, 2000, OPERATOR);
        vm.snapshotGasLastCall("open a deployment");
        _deposit(copyId, 100e6);
        vm.snapshotGasLastCall("deposit");
        epoch = protocol.epoch();
        _afterEpoch();
        _file(Report(copyId, epoch, 1, 1, MANIFEST_ROOT));
        vm.snapshotGasLastCall("report (first)");
        ++epoch;
        (Receipt memory receipt, bytes32[] memory siblings, bytes32 top) = (_receipt(0), new bytes32[](20), 0);
        top = _leaf(receipt);
        for (uint256 i; i < siblings.length; ++i) {
            siblings[i] = keccak256(abi.encode(i));
            top = keccak256(abi.encodePacked(bytes1(0x01), top, siblings[i]));
        }
        Report memory filed = Report({
            copyId: copyId,
            epoch: epoch,
            count: 1 << 20,
            units: 1 << 20,
            receiptsRoot: keccak256(abi.encodePacked(bytes1(0x02), uint64(1 << 20), top))
        });
        _deposit(copyId, 1e9 << 1);
        _fund(HOLDER, address(copyRegistry), 20e9);
        vm.prank(HOLDER);
        copyRegistry.addCollateral(copyId, 20e9);
        _afterEpoch();
        _file(filed);
        vm.snapshotGasLastCall("report (a million receipts)");
        _afterGrace();
        _bond(CHALLENGER);
        bytes memory signature = _sign(receipt);
        vm.prank(CHALLENGER);
        court.missing(receipt, signature, filed);
        vm.snapshotGasLastCall("challenge (missing)");
        court.answer(filed, 0, siblings);
        vm.snapshotGasLastCall("challenge (missing, answered)");
    }
}
