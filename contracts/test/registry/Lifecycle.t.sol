// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Copy, ICopyRegistry, State } from "../../src/interfaces/ICopyRegistry.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

/// @notice Every function reverts in every state but its own.
abstract contract StateTest is BaseTest {
    ModelId internal root;

    function setUp() public virtual override {
        super.setUp();
        root = _root();
    }

    function _call(CopyId id) internal virtual;

    function _needed() internal pure virtual returns (State);

    function test_error_WrongState() public {
        uint64 late = uint64(START) + 400 days;
        CopyId[8] memory ids = [
            _copyId(999),
            _order(BUYER, root),
            _delivered(BUYER, root),
            _active(BUYER, root),
            _closing(BUYER, root),
            _closing(BUYER, root),
            _order(BUYER, root),
            _active(BUYER, root)
        ];
        vm.prank(COURT);
        copyRegistry.slash(ids[uint256(State.Slashed)], 50e6, type(uint256).max, keccak256("offence"));
        vm.warp(late);
        copyRegistry.withdraw(ids[uint256(State.Closed)]);
        copyRegistry.refund(ids[uint256(State.Refunded)]);

        for (uint256 i; i < ids.length; ++i) {
            if (i == uint256(_needed())) continue;
            _assertState(ids[i], State(i));
            vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.WrongState.selector, ids[i], i, _needed()));
            _call(ids[i]);
        }
    }
}

contract DeliverTest is StateTest {
    function _call(CopyId id) internal override {
        vm.prank(MINTER);
        copyRegistry.deliver(id, ARTIFACT_ROOT, FINGERPRINT_ROOT);
    }

    function _needed() internal pure override returns (State) {
        return State.Ordered;
    }

    function test_error_NotMinter(address caller) public {
        vm.assume(caller != MINTER);
        CopyId id = _order(BUYER, root);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NotMinter.selector, caller, MINTER));
        vm.prank(caller);
        copyRegistry.deliver(id, ARTIFACT_ROOT, FINGERPRINT_ROOT);
    }

    /// A resigned minter can deliver its open orders.
    function test_behavior_aResignedMinterDelivers() public {
        CopyId id = _order(BUYER, root);
        vm.prank(MINTER);
        minterRegistry.resign();
        _call(id);
        _assertState(id, State.Delivered);
    }

    function test_error_TooLate(uint64 late) public {
        late = uint64(_bound(late, 1, 1000 days));
        CopyId id = _order(BUYER, root);
        uint64 deadline = uint64(START) + DELIVER_WINDOW;
        vm.warp(deadline + late);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.TooLate.selector, deadline + late, deadline));
        _call(id);
    }

    function test_error_RootMissing() public {
        CopyId id = _order(BUYER, root);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.RootMissing.selector));
        vm.prank(MINTER);
        copyRegistry.deliver(id, 0, FINGERPRINT_ROOT);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.RootMissing.selector));
        vm.prank(MINTER);
        copyRegistry.deliver(id, ARTIFACT_ROOT, 0);
    }

    function test_default(uint64 wait) public {
        wait = uint64(_bound(wait, 0, DELIVER_WINDOW));
        CopyId id = _order(BUYER, root);
        vm.warp(START + wait);
        uint64 acceptDeadline = uint64(START) + wait + ACCEPT_WINDOW;
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.Delivered(id, ARTIFACT_ROOT, FINGERPRINT_ROOT, acceptDeadline);
        _call(id);

        Copy memory copy = copyRegistry.copies(id);
        vm.assertTrue(copy.state == State.Delivered, "state");
        vm.assertEq(copy.artifactRoot, ARTIFACT_ROOT, "artifact root");
        vm.assertEq(copy.fingerprintRoot, FINGERPRINT_ROOT, "fingerprint root");
        vm.assertEq(copy.deadline, acceptDeadline, "accept deadline");
        vm.assertEq(minterRegistry.minters(MINTER).openOrders, 0, "no order is open");
    }
}

contract AcceptTest is StateTest {
    function _call(CopyId id) internal override {
        vm.prank(BUYER);
        copyRegistry.accept(id);
    }

    function _needed() internal pure override returns (State) {
        return State.Delivered;
    }

    function test_error_NotBuyer(address caller, uint64 wait) public {
        vm.assume(caller != BUYER);
        CopyId id = _delivered(BUYER, root);
        vm.warp(START + _bound(wait, 0, ACCEPT_WINDOW));
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NotBuyer.selector, caller, BUYER));
        vm.prank(caller);
        copyRegistry.accept(id);
    }

    function test_default() public {
        CopyId id = _delivered(BUYER, root);
        vm.assertFalse(copyRegistry.isActiveHolder(id, root, BUYER), "not active yet");
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.Accepted(id);
        _call(id);

        _assertState(id, State.Active);
        vm.assertTrue(copyRegistry.isActiveHolder(id, root, BUYER), "active holder");
        vm.assertFalse(copyRegistry.isActiveHolder(id, root, STRANGER), "not another account");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 50e6, "the collateral stays");
        vm.assertEq(usd.balanceOf(address(treasury)), 25e6, "the price went to the treasury");
        vm.assertEq(treasury.credit(MINTER), 1.25e6, "the copy's minter earns its cut");
        vm.assertEq(treasury.earned(root), 22.5e6, "the model earns the rest");
    }

    function test_behavior_anyoneAfterTheDeadline(address caller, uint64 late) public {
        CopyId id = _delivered(BUYER, root);
        vm.warp(START + ACCEPT_WINDOW + _bound(late, 1, 1000 days));
        vm.prank(caller);
        copyRegistry.accept(id);
        _assertState(id, State.Active);
    }
}

contract RefundTest is StateTest {
    function _call(CopyId id) internal override {
        copyRegistry.refund(id);
    }

    function _needed() internal pure override returns (State) {
        return State.Ordered;
    }

    function test_error_TooEarly(uint64 wait) public {
        wait = uint64(_bound(wait, 0, DELIVER_WINDOW));
        CopyId id = _order(BUYER, root);
        uint64 time = uint64(START) + wait;
        vm.warp(time);
        vm.expectRevert(
            abi.encodeWithSelector(ICopyRegistry.TooEarly.selector, time, uint64(START) + DELIVER_WINDOW + 1)
        );
        copyRegistry.refund(id);
    }

    function test_default(address caller) public {
        CopyId id = _order(BUYER, root);
        vm.warp(START + DELIVER_WINDOW + 1);
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.Refunded(id);
        vm.prank(caller);
        copyRegistry.refund(id);
        _assertState(id, State.Refunded);
        vm.assertEq(usd.balanceOf(BUYER), 75e6 + PENALTY, "refund and penalty");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "nothing is left");
    }

    /// A receiver blocked by the token delays only its own money.
    function test_behavior_aBlockedBuyerBlocksNobody_P8_P15() public {
        CopyId blocked = _order(HOLDER, root);
        CopyId other = _order(BUYER, root);
        vm.warp(START + DELIVER_WINDOW + 1);
        vm.mockCallRevert(address(usd), abi.encodeCall(usd.transfer, (HOLDER, 75e6)), "blocked");
        vm.expectRevert("blocked");
        copyRegistry.refund(blocked);
        copyRegistry.refund(other);
        vm.assertEq(usd.balanceOf(BUYER), 75e6 + PENALTY, "the other buyer is paid");

        vm.clearMockedCalls();
        copyRegistry.refund(blocked);
        vm.assertEq(usd.balanceOf(HOLDER), 75e6 + PENALTY, "paid once the token allows it");
    }
}

contract CloseTest is StateTest {
    function _call(CopyId id) internal override {
        vm.prank(BUYER);
        copyRegistry.close(id);
    }

    function _needed() internal pure override returns (State) {
        return State.Active;
    }

    function test_error_NotBuyer(address caller) public {
        vm.assume(caller != BUYER);
        CopyId id = _active(BUYER, root);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NotBuyer.selector, caller, BUYER));
        vm.prank(caller);
        copyRegistry.close(id);
    }

    function test_default() public {
        CopyId id = _active(BUYER, root);
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.Closing(id, uint64(START) + THAW);
        _call(id);
        _assertState(id, State.Closing);
        vm.assertEq(copyRegistry.copies(id).deadline, START + THAW, "thaw");
        vm.assertFalse(copyRegistry.isActiveHolder(id, root, BUYER), "the licence ended");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 50e6, "the collateral is still locked");
    }
}

contract WithdrawTest is StateTest {
    function _call(CopyId id) internal override {
        copyRegistry.withdraw(id);
    }

    function _needed() internal pure override returns (State) {
        return State.Closing;
    }

    /// Collateral cannot leave while a dispute is open, however long ago the thaw ended.
    function test_error_DisputeOpen_P19() public {
        CopyId id = _closing(BUYER, root);
        vm.prank(COURT);
        copyRegistry.openDispute(id);
        vm.warp(START + 400 days);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.DisputeOpen.selector, id, 1));
        copyRegistry.withdraw(id);

        vm.prank(COURT);
        copyRegistry.closeDispute(id);
        copyRegistry.withdraw(id);
        _assertState(id, State.Closed);
    }

    /// The thaw does not advance while the protocol is paused.
    function test_error_TooEarly_P26() public {
        CopyId id = _closing(BUYER, root);
        vm.prank(GUARDIAN);
        protocol.pause();
        vm.warp(START + THAW);
        vm.expectRevert(
            abi.encodeWithSelector(ICopyRegistry.TooEarly.selector, START + THAW - 7 days, uint64(START) + THAW)
        );
        copyRegistry.withdraw(id);
        vm.warp(START + THAW + 7 days);
        copyRegistry.withdraw(id);
    }

    function test_error_TooEarly(uint64 wait) public {
        wait = uint64(_bound(wait, 0, THAW - 1));
        CopyId id = _closing(BUYER, root);
        uint64 time = uint64(START) + wait;
        vm.warp(time);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.TooEarly.selector, time, uint64(START) + THAW));
        copyRegistry.withdraw(id);
    }

    function test_default(address caller) public {
        CopyId id = _closing(BUYER, root);
        vm.warp(START + THAW);
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.Closed(id);
        vm.prank(caller);
        copyRegistry.withdraw(id);
        _assertState(id, State.Closed);
        vm.assertEq(usd.balanceOf(BUYER), 50e6, "the collateral returned");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "nothing is left");
    }
}
