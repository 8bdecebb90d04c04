// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ITestUSD } from "../../src/interfaces/ITestUSD.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

contract FaucetTest is BaseTest {
    function test_error_FaucetAboveCap(uint256 amount) public {
        amount = _bound(amount, 10_000e6 + 1, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(ITestUSD.FaucetAboveCap.selector, amount, 10_000e6));
        usd.faucet(STRANGER, amount);
    }

    function test_default(uint256 amount) public {
        amount = _bound(amount, 0, 10_000e6);
        usd.faucet(STRANGER, amount);
        vm.assertEq(usd.balanceOf(STRANGER), amount, "balance");
        vm.assertEq(usd.decimals(), 6, "decimals");
    }
}
