// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyRegistry } from "../../src/CopyRegistry.sol";
import { CopyId, ModelId } from "../../src/Types.sol";
import { Copy, ICopyRegistry, State } from "../../src/interfaces/ICopyRegistry.sol";
import { IModelRegistry } from "../../src/interfaces/IModelRegistry.sol";
import { BaseTest } from "../helpers/BaseTest.sol";
import { Ownable } from "@openzeppelin/contracts/access/Ownable.sol";

/// @notice Every function is refused in every state but its own.
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
        CopyId[7] memory ids = [
            _copyId(999),
            _order(BUYER, root),
            _delivered(BUYER, root),
            _active(BUYER, root),
            _closing(BUYER, root),
            _closing(BUYER, root),
            _order(BUYER, root)
        ];
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

    /// A minter whose key was lost is stopped at once; its orders are refunded in time.
    function test_error_MinterNotAllowed_any_more() public {
        CopyId id = _order(BUYER, root);
        vm.prank(OWNER);
        copyRegistry.setMinter(MINTER, false);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.MinterNotAllowed.selector, MINTER));
        _call(id);

        vm.warp(START + DELIVER_WINDOW + 1);
        copyRegistry.refund(id);
        _assertState(id, State.Refunded);
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
        vm.assertEq(copy.acceptDeadline, acceptDeadline, "accept deadline");
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
        vm.assertFalse(copyRegistry.isActiveHolder(id, root, STRANGER), "nobody else");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 50e6, "the collateral stays");
        vm.assertEq(usd.balanceOf(address(treasury)), 25e6, "the price went to the treasury");
        vm.assertEq(treasury.credit(MINTER), 1.25e6, "the copy's minter earns its cut");
        vm.assertEq(treasury.claimable(root, CREATOR), 22.5e6, "the creator earns the rest");
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
        vm.assertEq(usd.balanceOf(BUYER), 75e6, "everything came back");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "nothing stayed");
    }

    /// A receiver that the token refuses keeps its own money waiting and nobody else's.
    function test_behavior_aBlockedBuyerBlocksNobody_P8_P15() public {
        CopyId blocked = _order(HOLDER, root);
        CopyId other = _order(BUYER, root);
        vm.warp(START + DELIVER_WINDOW + 1);
        vm.mockCallRevert(address(usd), abi.encodeCall(usd.transfer, (HOLDER, 75e6)), "blocked");
        vm.expectRevert("blocked");
        copyRegistry.refund(blocked);
        copyRegistry.refund(other);
        vm.assertEq(usd.balanceOf(BUYER), 75e6, "the other was paid");

        vm.clearMockedCalls();
        copyRegistry.refund(blocked);
        vm.assertEq(usd.balanceOf(HOLDER), 75e6, "once the token allows it");
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
        vm.assertEq(copyRegistry.copies(id).thawEndsAt, START + THAW, "thaw");
        vm.assertFalse(copyRegistry.isActiveHolder(id, root, BUYER), "no licence any more");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 50e6, "the collateral is still there");
    }
}

contract WithdrawTest is StateTest {
    function _call(CopyId id) internal override {
        copyRegistry.withdraw(id);
    }

    function _needed() internal pure override returns (State) {
        return State.Closing;
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
        vm.assertEq(usd.balanceOf(BUYER), 50e6, "the collateral is the buyer's again");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "nothing stayed");
    }
}

contract SetMinterTest is BaseTest {
    function test_error_OwnableUnauthorizedAccount(address caller) public {
        vm.assume(caller != OWNER);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, caller));
        vm.prank(caller);
        copyRegistry.setMinter(STRANGER, true);
    }

    function test_default(address minter, bool allowed) public {
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.MinterSet(minter, allowed);
        vm.prank(OWNER);
        copyRegistry.setMinter(minter, allowed);
        vm.assertTrue(copyRegistry.isMinter(minter) == allowed, "minter");
    }

    function test_behavior_ownershipMovesInTwoSteps() public {
        vm.prank(OWNER);
        copyRegistry.transferOwnership(HOLDER);
        vm.assertEq(copyRegistry.owner(), OWNER, "not yet");
        vm.prank(HOLDER);
        copyRegistry.acceptOwnership();
        vm.assertEq(copyRegistry.owner(), HOLDER, "now");
    }
}

contract WindowsTest is BaseTest {
    function test_default() public view {
        vm.assertEq(copyRegistry.deliverWindow(), DELIVER_WINDOW, "deliver");
        vm.assertEq(copyRegistry.acceptWindow(), ACCEPT_WINDOW, "accept");
        vm.assertEq(copyRegistry.thaw(), THAW, "thaw");
    }

    /// A window can be neither nothing nor so long that a deadline overflows.
    function test_error_WindowOutOfRange_P20(uint64 window, uint8 which) public {
        window = window % 2 == 0 ? 0 : uint64(_bound(window, 365 days + 1, type(uint64).max));
        uint64[3] memory windows = [DELIVER_WINDOW, ACCEPT_WINDOW, THAW];
        windows[which % 3] = window;
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.WindowOutOfRange.selector, window, 365 days));
        new CopyRegistry(usd, registry, treasury, windows[0], windows[1], windows[2], OWNER);
    }
}
