// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";
import { HookedUSD, MintableUSD } from "../helpers/Harness.sol";

/// @notice A call made during a transfer finds all state updated and cannot be paid again.
contract ReentrancyTest is BaseTest {
    ModelId private root;
    HookedUSD private hooked;

    function setUp() public override {
        super.setUp();
        root = _root();
        _pay(root, 1000e6);
        _accrue();
    }

    function _token() internal override returns (MintableUSD) {
        return hooked = new HookedUSD();
    }

    function test_claim() public {
        hooked.answerNextTransfer(address(treasury), abi.encodeCall(treasury.claim, (root, CREATOR)));
        vm.assertEq(treasury.claim(root, CREATOR), 900e6, "claimed");
        vm.assertTrue(hooked.answered(), "the nested call succeeded and paid nothing");
        vm.assertEq(usd.balanceOf(CREATOR), 900e6, "paid once");
    }

    function test_claimCredit() public {
        hooked.answerNextTransfer(address(treasury), abi.encodeCall(treasury.claimCredit, (MINTER)));
        vm.assertEq(treasury.claimCredit(MINTER), 50e6, "claimed");
        vm.assertTrue(hooked.answered(), "the nested call succeeded and paid nothing");
        vm.assertEq(usd.balanceOf(MINTER), 50e6, "paid once");
    }

    function test_accept() public {
        CopyId id = _delivered(BUYER, root);
        vm.warp(block.timestamp + ACCEPT_WINDOW + 1);
        hooked.answerNextTransfer(address(copyRegistry), abi.encodeCall(copyRegistry.accept, (id)));
        copyRegistry.accept(id);
        vm.assertFalse(hooked.answered(), "the nested call reverted");
        vm.assertEq(treasury.earned(root), 900e6 + 22.5e6, "paid once");
    }

    function test_refund() public {
        CopyId id = _order(BUYER, root);
        _order(HOLDER, root);
        vm.warp(block.timestamp + DELIVER_WINDOW + 1);
        hooked.answerNextTransfer(address(copyRegistry), abi.encodeCall(copyRegistry.refund, (id)));
        vm.prank(BUYER);
        copyRegistry.refund(id);
        vm.assertFalse(hooked.answered(), "the nested call reverted");
        vm.assertEq(usd.balanceOf(BUYER) + treasury.credit(BUYER), 75e6 + PENALTY, "paid once");
    }

    function test_withdraw() public {
        CopyId id = _closing(BUYER, root);
        _active(HOLDER, root);
        vm.warp(block.timestamp + THAW);
        hooked.answerNextTransfer(address(copyRegistry), abi.encodeCall(copyRegistry.withdraw, (id)));
        vm.prank(BUYER);
        copyRegistry.withdraw(id);
        vm.assertFalse(hooked.answered(), "the nested call reverted");
        vm.assertEq(usd.balanceOf(BUYER), 50e6, "paid once");
    }
}
