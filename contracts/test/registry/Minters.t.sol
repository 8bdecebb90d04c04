// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICopyRegistry, OrderRequest, State } from "../../src/interfaces/ICopyRegistry.sol";
import { IMinterRegistry, Minter } from "../../src/interfaces/IMinterRegistry.sol";
import { IProtocol } from "../../src/interfaces/IProtocol.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

contract SetOfferTest is BaseTest {
    function test_error_ProtocolPaused() public {
        vm.prank(GUARDIAN);
        protocol.pause();
        _expect(abi.encodeWithSelector(IProtocol.ProtocolPaused.selector, START + 7 days), 1, PENALTY);
    }

    function test_error_PromiseOutOfRange(uint32 window) public {
        window = window % 2 == 0 ? 0 : uint32(_bound(window, DELIVER_WINDOW + 1, type(uint32).max));
        _expect(
            abi.encodeWithSelector(IMinterRegistry.PromiseOutOfRange.selector, window, DELIVER_WINDOW), window, PENALTY
        );
    }

    function test_error_PenaltyTooLow(uint64 penalty) public {
        penalty = uint64(_bound(penalty, 0, PENALTY - 1));
        _expect(abi.encodeWithSelector(IMinterRegistry.PenaltyTooLow.selector, penalty, PENALTY), 1, penalty);
    }

    /// The penalty promised to an open order cannot be lowered.
    function test_error_PenaltyPromised() public {
        vm.prank(MINTER);
        minterRegistry.setOffer(0, 1 hours, 20e6);
        _order(BUYER, _root());
        _expect(abi.encodeWithSelector(IMinterRegistry.PenaltyPromised.selector, PENALTY, 20e6, 1), 1, PENALTY);
    }

    function test_error_BondTooLow() public {
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.BondTooLow.selector, 0, BOND));
        vm.prank(STRANGER);
        minterRegistry.setOffer(0, 1, PENALTY);
    }

    function test_default(uint32 fee, uint32 window, uint64 penalty) public {
        window = uint32(_bound(window, 1, DELIVER_WINDOW));
        penalty = uint64(_bound(penalty, PENALTY, type(uint64).max));
        vm.expectEmit(address(minterRegistry));
        emit IMinterRegistry.OfferSet(MINTER, fee, window, penalty);
        vm.prank(MINTER);
        minterRegistry.setOffer(fee, window, penalty);
        Minter memory minter = minterRegistry.minters(MINTER);
        vm.assertEq(minter.fee, fee, "fee");
        vm.assertEq(minter.window, window, "window");
        vm.assertEq(minter.penalty, penalty, "penalty");
        vm.assertEq(minter.bond, BOND, "bond");
    }

    function _expect(bytes memory revertData, uint32 window, uint64 penalty) private {
        vm.expectRevert(revertData);
        vm.prank(MINTER);
        minterRegistry.setOffer(0, window, penalty);
    }
}

contract TakeTest is BaseTest {
    function test_error_NotCopyRegistry(address caller) public {
        vm.assume(caller != address(copyRegistry));
        bytes memory refused =
            abi.encodeWithSelector(IMinterRegistry.NotCopyRegistry.selector, caller, address(copyRegistry));
        vm.expectRevert(refused);
        vm.prank(caller);
        minterRegistry.take(MINTER);
        vm.expectRevert(refused);
        vm.prank(caller);
        minterRegistry.release(MINTER);
        vm.expectRevert(refused);
        vm.prank(caller);
        minterRegistry.penalize(MINTER, BUYER);
    }

    /// The bond must cover every open order.
    function test_error_BondTooLow() public {
        ModelId root = _root();
        vm.prank(MINTER);
        minterRegistry.setOffer(0, 1 hours, 400e6);
        _order(BUYER, root);
        CopyId second = _order(BUYER, root);
        OrderRequest memory request = _request(root);
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.BondTooLow.selector, BOND, 1200e6));
        vm.prank(BUYER);
        copyRegistry.order(request);

        vm.prank(MINTER);
        copyRegistry.deliver(second, ARTIFACT_ROOT, FINGERPRINT_ROOT);
        _order(BUYER, root);
    }

    /// The minter's fee counts towards `maxPrice` and is paid with the price.
    function test_behavior_fee_P2(uint32 fee) public {
        fee = uint32(_bound(fee, 1, type(uint32).max));
        ModelId root = _root();
        OrderRequest memory request = _request(root);
        vm.prank(MINTER);
        minterRegistry.setOffer(fee, 1 hours, PENALTY);
        _fund(BUYER, address(copyRegistry), 75e6 + uint256(fee));
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.PriceAboveMax.selector, 25e6 + uint256(fee), 25e6));
        vm.prank(BUYER);
        copyRegistry.order(request);

        request.maxPrice = 25e6 + uint96(fee);
        vm.prank(BUYER);
        CopyId id = copyRegistry.order(request);
        vm.assertEq(copyRegistry.copies(id).deadline, START + 1 hours, "the promise is the deadline");
        vm.prank(MINTER);
        copyRegistry.deliver(id, ARTIFACT_ROOT, FINGERPRINT_ROOT);
        vm.prank(BUYER);
        copyRegistry.accept(id);
        vm.assertEq(treasury.credit(MINTER), 1.25e6 + uint256(fee), "cut and fee");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 50e6, "the collateral");
    }
}

contract LeaveTest is BaseTest {
    function test_error_MinterNotAllowed(address account) public {
        vm.assume(account != MINTER);
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.MinterNotAllowed.selector, account));
        vm.prank(account);
        minterRegistry.resign();
    }

    function test_error_NotLeaving() public {
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.NotLeaving.selector, MINTER));
        minterRegistry.withdrawBond(MINTER);
    }

    function test_error_BondThawing_P19(uint64 wait) public {
        wait = uint64(_bound(wait, 0, THAW - 1));
        vm.prank(MINTER);
        minterRegistry.resign();
        vm.warp(START + wait);
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.BondThawing.selector, START + wait, START + THAW));
        minterRegistry.withdrawBond(MINTER);
    }

    /// The bond cannot leave while an order is open. Anyone may refund the order.
    function test_error_OrdersOpen_P19() public {
        CopyId id = _order(BUYER, _root());
        vm.prank(MINTER);
        minterRegistry.resign();
        vm.warp(START + THAW);
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.OrdersOpen.selector, 1));
        minterRegistry.withdrawBond(MINTER);

        copyRegistry.refund(id);
        minterRegistry.withdrawBond(MINTER);
        vm.assertEq(usd.balanceOf(MINTER), BOND - PENALTY, "the bond minus the penalty");
    }

    function test_default(address caller) public {
        ModelId root = _root();
        vm.expectEmit(address(minterRegistry));
        emit IMinterRegistry.Leaving(MINTER, uint64(START) + THAW);
        vm.prank(MINTER);
        minterRegistry.resign();
        OrderRequest memory request = _request(root);
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.MinterNotAllowed.selector, MINTER));
        vm.prank(BUYER);
        copyRegistry.order(request);

        vm.warp(START + THAW);
        vm.expectEmit(address(minterRegistry));
        emit IMinterRegistry.Left(MINTER, BOND);
        vm.prank(caller);
        minterRegistry.withdrawBond(MINTER);
        vm.assertEq(usd.balanceOf(MINTER), BOND, "the bond");
        vm.assertEq(minterRegistry.minters(MINTER).bond, 0, "nothing is left");
    }

    /// A new offer cancels the resignation. The next one starts a full thaw.
    function test_behavior_aNewOfferCancelsTheResignation() public {
        vm.prank(MINTER);
        minterRegistry.resign();
        vm.prank(MINTER);
        minterRegistry.setOffer(0, 1 hours, PENALTY);
        vm.warp(START + THAW);
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.NotLeaving.selector, MINTER));
        minterRegistry.withdrawBond(MINTER);
        _assertState(_order(BUYER, _root()), State.Ordered);
    }
}
