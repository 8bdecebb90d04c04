// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId, ModelId } from "../src/Types.sol";
import { OrderRequest } from "../src/interfaces/ICopyRegistry.sol";
import { BaseTest } from "./helpers/BaseTest.sol";

/// @notice What each step of the main story costs as it goes to a public chain, written to snapshots/ and committed:
/// FOUNDRY_PROFILE=production forge test
contract GasTest is BaseTest {
    /// forge-config: production.isolate = true
    function test_gas() public {
        ModelId root = _root();
        vm.snapshotGasLastCall("register");
        ModelId child = _register(DERIVER, _terms(), _refs(root));
        vm.snapshotGasLastCall("register with a parent");

        _active(BUYER, child);
        OrderRequest memory request = _request(child);
        _fund(BUYER, address(copyRegistry), 75e6);
        vm.prank(BUYER);
        CopyId copyId = copyRegistry.order(request);
        vm.snapshotGasLastCall("order");
        vm.prank(MINTER);
        copyRegistry.deliver(copyId, ARTIFACT_ROOT, FINGERPRINT_ROOT);
        vm.snapshotGasLastCall("deliver");
        vm.prank(BUYER);
        copyRegistry.accept(copyId);
        vm.snapshotGasLastCall("accept");

        treasury.flow(child, root);
        vm.snapshotGasLastCall("flow (first)");
        treasury.claim(child, DERIVER);
        vm.snapshotGasLastCall("claim (first, into an empty wallet)");
        _fund(BUYER, address(treasury), 10e6);
        vm.prank(BUYER);
        treasury.pay(child, 10e6, MINTER);
        vm.snapshotGasLastCall("pay");
        treasury.flow(child, root);
        vm.snapshotGasLastCall("flow");
        treasury.claim(child, DERIVER);
        vm.snapshotGasLastCall("claim");

        vm.prank(BUYER);
        copyRegistry.close(copyId);
        vm.snapshotGasLastCall("close");
        vm.warp(START + THAW);
        copyRegistry.withdraw(copyId);
        vm.snapshotGasLastCall("withdraw");
    }
}
