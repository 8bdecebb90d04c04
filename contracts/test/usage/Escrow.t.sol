// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Escrow, IUsageLedger } from "../../src/interfaces/IUsageLedger.sol";
import { ServingBase } from "../helpers/ServingBase.sol";

contract DepositTest is ServingBase {
    function test_error_CopyNotActive() public {
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.CopyNotActive.selector, 99));
        ledger.deposit(_copyId(99), 1);
    }

    function test_default(uint48 amount) public {
        _fund(STRANGER, address(ledger), amount);
        vm.expectEmit(address(ledger));
        emit IUsageLedger.Deposited(copyId, STRANGER, amount, 100e6 + uint256(amount));
        vm.prank(STRANGER);
        ledger.deposit(copyId, amount);
        vm.assertEq(ledger.escrows(copyId).escrow, 100e6 + uint256(amount), "escrow");
        vm.assertEq(usd.balanceOf(address(ledger)), 100e6 + uint256(amount), "held");
    }
}

contract WithdrawTest is ServingBase {
    function test_error_NotHost(address caller) public {
        vm.assume(caller != BUYER);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.NotHost.selector, caller, BUYER));
        vm.prank(caller);
        ledger.requestWithdrawal(copyId, 1);
    }

    function test_error_EscrowTooLow(uint64 amount) public {
        amount = uint64(_bound(amount, 100e6 + 1, type(uint64).max));
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.EscrowTooLow.selector, 100e6, amount));
        _request(amount);
    }

    function test_error_EscrowThawing_P37(uint64 wait) public {
        wait = uint64(_bound(wait, 0, 2 days - 1));
        _request(100e6);
        vm.warp(START + wait);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.EscrowThawing.selector, START + wait, START + 2 days));
        ledger.withdraw(copyId);
    }

    /// A withdrawal request expires, so it cannot be saved for later.
    function test_error_RequestLapsed_P37(uint64 late) public {
        late = uint64(_bound(late, 1, 1000 days));
        _request(100e6);
        uint64 notAfter = uint64(START) + 3 days;
        vm.warp(notAfter + late);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.RequestLapsed.selector, notAfter + late, notAfter));
        ledger.withdraw(copyId);

        _request(100e6);
        vm.warp(uint256(notAfter) + late + 2 days);
        vm.assertEq(ledger.withdraw(copyId), 100e6, "requested again");
    }

    /// A requested amount stays available for reports of every epoch that had begun.
    function test_behavior_reportsArePaidFirst_P37() public {
        _request(100e6);
        _afterEpoch();
        _file(_twoReceipts());
        vm.warp(START + 2 days);
        vm.assertEq(ledger.withdraw(copyId), 100e6 - 2000, "escrow minus the fee");
        vm.assertEq(usd.balanceOf(address(ledger)), 0, "nothing is left");
    }

    function test_default(uint64 amount, address caller) public {
        amount = uint64(_bound(amount, 1, 100e6));
        vm.expectEmit(address(ledger));
        emit IUsageLedger.WithdrawalRequested(copyId, amount, uint64(START) + 2 days);
        _request(amount);
        vm.warp(START + 2 days);
        vm.expectEmit(address(ledger));
        emit IUsageLedger.Withdrawn(copyId, amount, 100e6 - amount);
        vm.prank(caller);
        ledger.withdraw(copyId);
        vm.assertEq(usd.balanceOf(BUYER), amount, "paid to the host");
        Escrow memory left = ledger.escrows(copyId);
        vm.assertEq(left.escrow, 100e6 - amount, "left");
        vm.assertEq(left.leaving, 0, "the request is used up");
        vm.assertEq(ledger.withdraw(copyId), 0, "paid once");
    }

    function _request(uint64 amount) private {
        vm.prank(BUYER);
        ledger.requestWithdrawal(copyId, amount);
    }
}
