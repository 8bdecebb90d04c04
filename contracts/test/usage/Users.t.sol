// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICopyRegistry, Permit, State } from "../../src/interfaces/ICopyRegistry.sol";
import { IProtocol, Parameter } from "../../src/interfaces/IProtocol.sol";
import { IUsageLedger } from "../../src/interfaces/IUsageLedger.sol";
import { IUserLedger, Reservation, SignedVoucher } from "../../src/interfaces/IUserLedger.sol";
import { Report } from "../../src/lib/Receipts.sol";
import { CopyId } from "../../src/lib/Types.sol";
import { UsersBase } from "../helpers/UsersBase.sol";
import { IERC20Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

contract DepositTest is UsersBase {
    function test_error_ERC20InsufficientAllowance() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(users), 0, 1));
        vm.prank(STRANGER);
        users.deposit(1);
    }

    function test_default(uint64 amount) public {
        _fund(HOLDER, address(users), amount);
        vm.expectEmit(address(users));
        emit IUserLedger.Deposited(HOLDER, HOLDER, amount, amount);
        vm.prank(HOLDER);
        users.deposit(amount);
        vm.assertEq(users.balanceOf(HOLDER), amount, "balance");
    }

    function test_default_withPermit(bool frontRun) public {
        usd.mint(USER, 5e6);
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 words = keccak256(abi.encode(typeHash, USER, address(users), 5e6, 0, block.timestamp));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(USER_KEY, _digest("Test USD", address(usd), words));
        if (frontRun) usd.permit(USER, address(users), 5e6, block.timestamp, v, r, s);
        vm.prank(USER);
        users.depositWithPermit(5e6, Permit(5e6, block.timestamp, v, r, s));
        vm.assertEq(users.balanceOf(USER), 5e6, "balance");
    }

    /// Anyone may carry an authorization to the ledger. The deposit is the signer's.
    function test_default_withAuthorization(address relayer) public {
        usd.mint(USER, 5e6);
        bytes32 typeHash = keccak256(
            "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
        );
        bytes32 words = keccak256(abi.encode(typeHash, USER, address(users), 5e6, 0, type(uint40).max, bytes32("n")));
        bytes memory signature = _signature(USER_KEY, _digest("Test USD", address(usd), words));
        vm.prank(relayer);
        users.depositWithAuthorization(USER, 5e6, 0, type(uint40).max, "n", signature);
        vm.assertEq(users.balanceOf(USER), 5e6, "balance");
    }

    function test_error_BalanceTooLow(uint64 amount) public {
        amount = uint64(_bound(amount, 1, type(uint64).max));
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.BalanceTooLow.selector, USER, 0, amount));
        vm.prank(USER);
        users.withdraw(amount);
    }

    function test_default_withdraw() public {
        _fund(HOLDER, address(users), 7e6);
        vm.prank(HOLDER);
        users.deposit(7e6);
        vm.prank(HOLDER);
        users.withdraw(3e6);
        vm.assertEq(usd.balanceOf(HOLDER), 3e6, "paid");
        vm.assertEq(users.balanceOf(HOLDER), 4e6, "left");
    }
}

contract ReserveTest is UsersBase {
    function test_error_ProtocolPaused() public {
        vm.prank(GUARDIAN);
        protocol.pause();
        vm.expectRevert(abi.encodeWithSelector(IProtocol.ProtocolPaused.selector, block.timestamp + 7 days));
        vm.prank(USER);
        users.reserve(copyId, 1);
    }

    function test_error_CopyUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.CopyUnknown.selector, 99));
        vm.prank(USER);
        users.reserve(_copyId(99), 1);
    }

    function test_error_AmountMissing() public {
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.AmountMissing.selector));
        vm.prank(USER);
        users.reserve(copyId, 0);
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.AmountMissing.selector));
        vm.prank(STRANGER);
        users.requestRelease(copyId);
    }

    function test_error_BalanceTooLow() public {
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.BalanceTooLow.selector, USER, 0, 1));
        vm.prank(USER);
        users.reserve(copyId, 1);
    }

    function test_default() public {
        vm.prank(USER);
        users.requestRelease(copyId);
        _reserve(USER, copyId, 5e6);
        Reservation memory reservation = users.reservations(copyId, USER);
        vm.assertEq(reservation.amount, RESERVED + 5e6, "added");
        vm.assertEq(reservation.leavesAt, 0, "the request is taken back");
    }
}

contract ReleaseTest is UsersBase {
    function test_error_ReleaseNotRequested() public {
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.ReleaseNotRequested.selector, copyId, USER));
        users.release(copyId, USER);
    }

    /// Three epochs and a grace: the host can report and settle first.
    function test_error_ReservationThawing_P37(uint64 wait) public {
        wait = uint64(_bound(wait, 0, 4 days - 1));
        uint256 asked = block.timestamp;
        _request();
        vm.warp(asked + wait);
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.ReservationThawing.selector, asked + wait, asked + 4 days));
        users.release(copyId, USER);
    }

    /// A request cannot be kept for the day on which it hurts.
    function test_error_RequestLapsed_P37(uint32 late) public {
        uint256 asked = block.timestamp;
        _request();
        uint256 time = asked + 5 days + 1 + late;
        vm.warp(time);
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.RequestLapsed.selector, time, asked + 5 days));
        users.release(copyId, USER);
    }

    function test_default(address caller) public {
        _request();
        vm.warp(block.timestamp + 4 days);
        vm.expectEmit(address(users));
        emit IUserLedger.Released(copyId, USER, RESERVED);
        vm.prank(caller);
        users.release(copyId, USER);
        vm.assertEq(users.balanceOf(USER), RESERVED, "back in the deposit");
        vm.assertEq(users.reservations(copyId, USER).amount, 0, "nothing is reserved");
        vm.assertEq(users.reservations(copyId, USER).number, 1, "the next reservation");
    }

    /// Until it leaves, a reservation pays vouchers.
    function test_behavior_vouchersArePaidFirst_P37() public {
        uint256 asked = block.timestamp;
        _request();
        _reportUnits(1000);
        vm.warp(asked + 4 days - 1);
        vm.assertEq(_settle(1000, 4e6), 4e6, "settled while leaving");
        vm.warp(asked + 4 days);
        vm.assertEq(users.release(copyId, USER), RESERVED - 4e6, "the rest");
    }

    function _request() private {
        vm.prank(USER);
        users.requestRelease(copyId);
    }
}

contract NameKeyTest is UsersBase {
    function test_error_KeyMissing() public {
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.KeyMissing.selector));
        _name(address(0), uint64(block.timestamp) + 1, 1);
    }

    function test_error_KeyExpired() public {
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.KeyExpired.selector, block.timestamp, block.timestamp));
        _name(SESSION, uint64(block.timestamp), 1);
    }

    /// A named key cannot be taken back, not even by naming it again.
    function test_error_KeyNarrowed(bool sooner) public {
        uint64 expiresAt = uint64(block.timestamp) + 1 days;
        _name(SESSION, expiresAt, 5e6);
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.KeyNarrowed.selector, SESSION, expiresAt, 5e6));
        _name(SESSION, sooner ? expiresAt - 1 : expiresAt, sooner ? 5e6 : 5e6 - 1);
        _name(SESSION, expiresAt + 1, 6e6);
        vm.assertEq(users.sessionKeys(copyId, USER, SESSION).maxAmount, 6e6, "extended");
    }

    /// A key's vouchers count until the reservation leaves, also after its expiry.
    function test_default(uint32 late) public {
        _name(SESSION, uint64(block.timestamp) + 1, 5e6);
        _reportUnits(1000);
        vm.warp(block.timestamp + late);
        vm.assertEq(_settle(_voucher(SESSION_KEY, USER, 1000, 5e6)), 5e6, "settled");
    }

    function test_error_VoucherAboveLimit() public {
        _name(SESSION, uint64(block.timestamp) + 1, 5e6);
        _reportUnits(1000);
        SignedVoucher memory voucher = _voucher(SESSION_KEY, USER, 1000, 5e6 + 1);
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.VoucherAboveLimit.selector, SESSION, 5e6 + 1, 5e6));
        _settle(voucher);
    }

    /// A key is named for one reservation, and for one user.
    function test_error_VoucherInvalid() public {
        _name(SESSION, type(uint64).max, 5e6);
        _reserve(HOLDER, copyId, 1e6);
        _reportUnits(1000);
        SignedVoucher memory voucher = _voucher(SESSION_KEY, HOLDER, 10, 1e6);
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.VoucherInvalid.selector, copyId, HOLDER, SESSION));
        _settle(voucher);

        vm.prank(USER);
        users.requestRelease(copyId);
        vm.warp(block.timestamp + 4 days);
        users.release(copyId, USER);
        vm.prank(USER);
        users.reserve(copyId, 1e6);
        voucher = _voucher(SESSION_KEY, USER, 10, 1e6);
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.VoucherInvalid.selector, copyId, USER, SESSION));
        _settle(voucher);
    }

    function _name(address key, uint64 expiresAt, uint64 maxAmount) private {
        vm.prank(USER);
        users.nameKey(copyId, key, expiresAt, maxAmount);
    }
}

contract SettleTest is UsersBase {
    function test_error_NotHost(address caller) public {
        vm.assume(caller != BUYER);
        vm.expectRevert(abi.encodeWithSelector(IUserLedger.NotHost.selector, caller, BUYER));
        vm.prank(caller);
        users.settle(copyId, new SignedVoucher[](0));
    }

    /// Every field is signed, for one copy, one user, one chain and one contract.
    function test_error_VoucherInvalid_P31_P32(uint8 which) public {
        _reportUnits(1000);
        SignedVoucher memory voucher = _voucher(USER_KEY, USER, 100, 1e6);
        which = which % 4;
        if (which == 0) voucher.cumulativeUnits += 1;
        if (which == 1) voucher.cumulativeAmount += 1;
        if (which == 2) voucher.user = HOLDER;
        if (which == 3) vm.chainId(1);
        SignedVoucher[] memory vouchers = new SignedVoucher[](1);
        vouchers[0] = voucher;
        vm.prank(BUYER);
        try users.settle(copyId, vouchers) {
            vm.assertTrue(false, "accepted");
        } catch (bytes memory reason) {
            vm.assertTrue(bytes4(reason) == IUserLedger.VoucherInvalid.selector, "another signer was recovered");
        }
    }

    /// What the copy owes is paid first, and the rest is the host's.
    function test_default(uint32 amount) public {
        amount = uint32(_bound(amount, 0, RESERVED));
        _reportUnits(1000);
        vm.assertEq(ledger.owed(copyId), 1e6, "1,000 tokens at 1,000 units");
        uint256 fees = amount < 1e6 ? amount : 1e6;
        vm.expectEmit(address(users));
        emit IUserLedger.Settled(copyId, USER, 1000, amount);
        vm.expectEmit(address(users));
        emit IUserLedger.HostPaid(copyId, BUYER, 1000, fees, amount - fees);
        _settle(1000, amount);
        vm.assertEq(users.balanceOf(BUYER), amount - fees, "the host's");
        vm.assertEq(ledger.owed(copyId), 1e6 - fees, "still owed");
        vm.assertEq(users.settledUnits(copyId), 1000, "settled");
        vm.assertEq(usd.balanceOf(address(users)), RESERVED - fees, "the ledger holds what it owes");
        vm.assertEq(users.reservations(copyId, USER).amount, RESERVED - amount, "left of the reservation");
    }

    /// Settling twice pays nothing, and so does an older voucher.
    function test_behavior_onlyTheLatestCounts() public {
        _reportUnits(1000);
        vm.assertEq(_settle(100, 2e6), 2e6, "first");
        vm.assertEq(_settle(100, 2e6), 0, "again");
        vm.assertEq(_settle(60, 3e6), 0, "fewer units");
        vm.assertEq(_settle(150, 3e6), 1e6, "the difference");
        vm.assertEq(users.settledUnits(copyId), 150, "units count once");
    }

    /// A large voucher can be settled in part, to the exact part of its money, in whatever steps.
    function test_behavior_inParts_P36(uint64 units, uint64 amount, uint64[4] memory reported) public {
        units = uint64(_bound(units, 1, 4000));
        amount = uint64(_bound(amount, 0, RESERVED));
        uint256 total;
        uint256 all;
        for (uint256 i; i < reported.length; ++i) {
            reported[i] = uint64(_bound(reported[i], 1, 1000));
            all += reported[i];
            _reportUnits(reported[i]);
            total += _settle(units, amount);
            uint256 settled = all < units ? all : units;
            vm.assertEq(total, uint256(amount) * settled / units, "rounded down once");
            vm.assertEq(users.settledUnits(copyId), settled, "never more than was reported");
        }
    }

    /// The vouchers of a batch share what was reported, in their order.
    function test_behavior_aBatchSharesTheHeadroom(uint64 first, uint64 second) public {
        (first, second) = (uint64(_bound(first, 0, 1500)), uint64(_bound(second, 1, 1500)));
        _reserve(vm.addr(SESSION_KEY), copyId, RESERVED);
        _reportUnits(1000);
        SignedVoucher[] memory vouchers = new SignedVoucher[](2);
        vouchers[0] = _voucher(USER_KEY, USER, first, first * 1000);
        vouchers[1] = _voucher(SESSION_KEY, vm.addr(SESSION_KEY), second, second * 1000);
        vm.prank(BUYER);
        uint256 paid = users.settle(copyId, vouchers);
        uint256 units = uint256(first) + second < 1000 ? uint256(first) + second : 1000;
        vm.assertEq(users.settledUnits(copyId), units, "never more than was reported");
        vm.assertEq(paid, units * 1000, "and no money beyond");
        vm.assertEq(
            users.reservations(copyId, USER).settledUnits, first < 1000 ? first : 1000, "the first voucher first"
        );
    }

    /// Units that the reservation does not pay for stay unsettled, until the user adds to it.
    function test_behavior_aShortReservation() public {
        _reportUnits(1000);
        vm.assertEq(_settle(1000, 40e6), RESERVED, "all of the reservation");
        vm.assertEq(users.settledUnits(copyId), 250, "a quarter of the units");
        _reserve(USER, copyId, 30e6);
        vm.assertEq(_settle(1000, 40e6), 30e6, "the rest");
        vm.assertEq(users.settledUnits(copyId), 1000, "all units");
    }

    /// A voucher that promises less than before pays nothing back and costs nothing more.
    function test_behavior_aLowerAmount() public {
        _reportUnits(1000);
        _settle(100, 2e6);
        vm.assertEq(_settle(200, 1e6), 0, "nothing");
        vm.assertEq(users.reservations(copyId, USER).settledAmount, 2e6, "unchanged");
    }

    function test_default_reportAndSettle() public {
        _afterEpoch();
        Report memory filed = Report(copyId, epoch, 1, 1000, keccak256("root"));
        SignedVoucher[] memory vouchers = new SignedVoucher[](1);
        vouchers[0] = _voucher(USER_KEY, USER, 1000, 3e6);
        vm.prank(BUYER);
        vm.assertEq(users.reportAndSettle(filed, vouchers), 3e6, "settled");
        vm.assertEq(ledger.owed(copyId), 0, "nothing is owed");
        vm.assertEq(users.balanceOf(BUYER), 2e6, "the host's");
        vm.assertEq(treasury.earned(root), 22.5e6 + 0.9e6, "the model's");
    }

    function test_error_NotUserLedger(address caller) public {
        vm.assume(caller != address(users));
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.NotUserLedger.selector, caller, address(users)));
        vm.prank(caller);
        ledger.reportFrom(_twoReceipts(), BUYER);
    }

    function test_error_NotReporter(address caller) public {
        vm.assume(caller != BUYER && caller != OPERATOR);
        _afterEpoch();
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.NotReporter.selector, copyId, caller, epoch));
        vm.prank(caller);
        users.reportAndSettle(_twoReceipts(), new SignedVoucher[](0));
    }
}

/// @notice Fees that a copy owes.
contract OwedTest is UsersBase {
    function setUp() public override {
        super.setUp();
        _reportUnits(1000);
    }

    /// A deposit by anyone pays what is owed first.
    function test_behavior_depositsPayFirst(uint32 amount) public {
        uint256 paid = amount < 1e6 ? amount : 1e6;
        _fund(STRANGER, address(ledger), amount);
        vm.prank(STRANGER);
        ledger.deposit(copyId, amount);
        vm.assertEq(ledger.owed(copyId), 1e6 - paid, "owed");
        vm.assertEq(ledger.escrows(copyId).escrow, amount - paid, "the rest is escrow");
        vm.assertEq(usd.balanceOf(address(ledger)), amount - paid, "to the unit");
    }

    function test_error_NothingOverdue() public {
        uint64 until = ledger.owedUntil(copyId);
        vm.assertEq(until, ledger.reportDeadline(epoch - 1) + 1 days, "an epoch after the grace");
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NothingOverdue.selector, copyId));
        copyRegistry.coverFees(copyId);
    }

    /// A day after the grace the collateral pays.
    function test_default_coverFees(address caller) public {
        vm.warp(ledger.owedUntil(copyId) + 1);
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.FeesCovered(copyId, 1e6, 49e6);
        vm.prank(caller);
        vm.assertEq(copyRegistry.coverFees(copyId), 1e6, "covered");
        vm.assertEq(ledger.owed(copyId), 0, "nothing is owed");
        vm.assertEq(ledger.owedUntil(copyId), 0, "nothing falls due");
        vm.assertEq(treasury.earned(root), 22.5e6 + 0.9e6, "the model's");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 49e6, "left");
        _assertState(copyId, State.Active);
    }

    /// Collateral does not leave before the fees that it stands for are paid.
    function test_behavior_closingPaysFees() public {
        vm.prank(BUYER);
        copyRegistry.close(copyId);
        vm.warp(block.timestamp + THAW);
        vm.prank(BUYER);
        copyRegistry.withdraw(copyId);
        vm.assertEq(usd.balanceOf(BUYER), 49e6, "the collateral less the fees");
        vm.assertEq(ledger.owed(copyId), 0, "paid");
        vm.assertEq(copyRegistry.copies(copyId).collateral, 0, "the books say zero");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "nothing is left");
    }

    /// A copy whose collateral went to fees ends like one that was slashed.
    function test_behavior_allCollateralGone() public {
        vm.prank(COURT);
        copyRegistry.slash(copyId, 49.5e6, type(uint256).max, "offence");
        vm.warp(ledger.owedUntil(copyId) + 1);
        vm.assertEq(copyRegistry.coverFees(copyId), 0.5e6, "what is left");
        _assertPunished(copyId);
        vm.assertEq(ledger.owed(copyId), 0.5e6, "the rest is owed");
    }

    /// What is owed falls due with its oldest part, and a paid debt starts anew.
    function test_behavior_dueDates() public {
        uint64 first = ledger.owedUntil(copyId);
        _reportUnits(1000);
        vm.assertEq(ledger.owedUntil(copyId), first, "the oldest part");
        _settle(2000, 2e6);
        vm.assertEq(ledger.owedUntil(copyId), 0, "paid");
        _reportUnits(1000);
        vm.assertEq(ledger.owedUntil(copyId), first + 2 days, "the next report's");
    }
}

/// @notice A host that owns nothing but its copy serves: the fees come out of what its users pay.
contract UserPaysHostStoryTest is UsersBase {
    function test_story_aUserPaysAHostThatOwnsNothing() public {
        vm.assertEq(usd.balanceOf(BUYER) + users.balanceOf(BUYER) + ledger.escrows(copyId).escrow, 0, "owns nothing");
        _reportUnits(2000);
        vm.assertEq(_settle(2000, 5e6), 5e6, "the user pays");
        vm.prank(BUYER);
        users.withdraw(3e6);
        vm.assertEq(usd.balanceOf(BUYER), 3e6, "the host earns what is left of the fees");
        _accrue();
        vm.assertEq(treasury.claimable(root, CREATOR), 22.5e6 + 1.8e6, "the model earns its fees");
        vm.assertEq(treasury.credit(MINTER), 1.25e6 + 0.1e6, "the minter its cut");
        vm.prank(USER);
        users.requestRelease(copyId);
        vm.warp(block.timestamp + 4 days);
        users.release(copyId, USER);
        vm.prank(USER);
        users.withdraw(5e6);
        vm.assertEq(usd.balanceOf(USER), 5e6, "the user has the rest back");
        vm.assertEq(usd.balanceOf(address(users)), 0, "nothing is left");
    }
}
