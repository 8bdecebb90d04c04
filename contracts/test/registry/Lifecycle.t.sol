// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Copy, Delivery, ICopyRegistry, State } from "../../src/interfaces/ICopyRegistry.sol";
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

    /// @dev State that the error names.
    function _needed() internal pure virtual returns (State);

    function _allows(State state) internal pure virtual returns (bool) {
        return state == _needed();
    }

    function test_error_WrongState() public virtual {
        CopyId[10] memory ids = [
            _copyId(999),
            _order(BUYER, root),
            _delivered(BUYER, root),
            _active(BUYER, root),
            _closing(BUYER, root),
            _closing(BUYER, root),
            _order(BUYER, root),
            _refused(BUYER, root),
            _defended(BUYER, root),
            _contested(BUYER, root)
        ];
        vm.warp(START + 400 days);
        copyRegistry.withdraw(ids[uint256(State.Closed)]);
        copyRegistry.refund(ids[uint256(State.Refunded)]);

        for (uint256 i; i < ids.length; ++i) {
            if (_allows(State(i))) continue;
            _assertState(ids[i], State(i));
            vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.WrongState.selector, ids[i], i, _needed()));
            _call(ids[i]);
        }
    }
}

contract DeliverTest is StateTest {
    function _call(CopyId id) internal override {
        _deliver(id);
    }

    function _needed() internal pure override returns (State) {
        return State.Ordered;
    }

    function _allows(State state) internal pure override returns (bool) {
        return state == State.Ordered || state == State.Refused;
    }

    function test_error_NotMinter(address caller) public {
        vm.assume(caller != MINTER);
        CopyId id = _order(BUYER, root);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NotMinter.selector, caller, MINTER));
        vm.prank(caller);
        copyRegistry.deliver(id, _delivery());
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

    function test_error_DeliveryIncomplete() public {
        CopyId id = _order(BUYER, root);
        Delivery[6] memory wrong;
        for (uint256 i; i < wrong.length; ++i) {
            wrong[i] = _delivery();
        }
        (wrong[0].artifactRoot, wrong[1].responsesRoot, wrong[2].ciphertextHash) = (0, 0, 0);
        (wrong[3].sealedKey, wrong[4].url, wrong[5].url) = (0, "", string(new bytes(257)));
        for (uint256 i; i < wrong.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.DeliveryIncomplete.selector));
            vm.prank(MINTER);
            copyRegistry.deliver(id, wrong[i]);
        }
    }

    function test_default(uint64 wait) public {
        wait = uint64(_bound(wait, 0, DELIVER_WINDOW));
        CopyId id = _order(BUYER, root);
        vm.warp(START + wait);
        uint64 acceptDeadline = uint64(START) + wait + ACCEPT_WINDOW;
        bytes32 fingerprintRoot = keccak256(abi.encodePacked(bytes1(0x20), KEY_POOL_ROOT, RESPONSES_ROOT));
        Delivery memory delivery = _delivery();
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.Delivered(
            id,
            ARTIFACT_ROOT,
            fingerprintRoot,
            RESPONSES_ROOT,
            CIPHERTEXT_HASH,
            SEALED_KEY,
            delivery.url,
            acceptDeadline
        );
        _call(id);

        Copy memory copy = copyRegistry.copies(id);
        vm.assertTrue(copy.state == State.Delivered, "state");
        vm.assertEq(copy.artifactRoot, ARTIFACT_ROOT, "artifact root");
        vm.assertEq(copy.fingerprintRoot, fingerprintRoot, "names the key pool and the responses");
        vm.assertEq(copy.deadline, acceptDeadline, "accept deadline");
        vm.assertEq(minterRegistry.minters(MINTER).reserved, PENALTY, "the penalty stays reserved");
    }

    /// An address of the greatest length is accepted.
    function test_behavior_longestUrl() public {
        CopyId id = _order(BUYER, root);
        Delivery memory delivery = _delivery();
        delivery.url = string(new bytes(256));
        vm.prank(MINTER);
        copyRegistry.deliver(id, delivery);
        _assertState(id, State.Delivered);
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

    function _allows(State state) internal pure override returns (bool) {
        return state == State.Delivered || state == State.Refused || state == State.Defended;
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

    function _allows(State state) internal pure override returns (bool) {
        return state == State.Ordered || state == State.Refused;
    }

    /// Not even the minter may refund an order before its deadline.
    function test_error_TooEarly(uint64 wait, address caller) public {
        wait = uint64(_bound(wait, 0, DELIVER_WINDOW));
        CopyId id = _order(BUYER, root);
        uint64 time = uint64(START) + wait;
        vm.warp(time);
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(ICopyRegistry.TooEarly.selector, time, uint64(START) + DELIVER_WINDOW + 1)
            );
            vm.prank(i == 0 ? caller : MINTER);
            copyRegistry.refund(id);
        }
    }

    /// A buyer who calls gets its money at once. The penalty is a credit.
    function test_default() public {
        CopyId id = _order(BUYER, root);
        vm.warp(START + DELIVER_WINDOW + 1);
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.Refunded(id, PENALTY, 0);
        vm.prank(BUYER);
        copyRegistry.refund(id);
        _assertState(id, State.Refunded);
        vm.assertEq(usd.balanceOf(BUYER), 75e6, "refund");
        vm.assertEq(treasury.credit(BUYER), PENALTY, "penalty");
        vm.assertEq(minterRegistry.minters(MINTER).bond, BOND - PENALTY, "paid from the bond");
        vm.assertEq(minterRegistry.minters(MINTER).reserved, 0, "nothing is reserved");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "nothing is left");
    }

    /// Anyone else's call credits the buyer.
    function test_behavior_anyoneRefunds(address caller) public {
        vm.assume(caller != BUYER);
        CopyId id = _order(BUYER, root);
        vm.warp(START + DELIVER_WINDOW + 1);
        vm.prank(caller);
        copyRegistry.refund(id);
        vm.assertEq(treasury.claimCredit(BUYER), 75e6 + PENALTY, "refund and penalty");
        vm.assertEq(usd.balanceOf(BUYER), 75e6 + PENALTY, "paid");
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

    function _allows(State state) internal pure override returns (bool) {
        return state == State.Closing || state == State.Closed || state == State.Refunded;
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

    function test_error_NothingReleased() public {
        CopyId id = _closing(BUYER, root);
        vm.warp(START + THAW);
        copyRegistry.withdraw(id);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NothingReleased.selector, id, 0));
        copyRegistry.withdraw(id);
    }

    function test_default() public {
        CopyId id = _closing(BUYER, root);
        vm.warp(START + THAW);
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.Closed(id);
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.CollateralReturned(id, 50e6, 0);
        vm.prank(BUYER);
        copyRegistry.withdraw(id);
        _assertState(id, State.Closed);
        vm.assertEq(usd.balanceOf(BUYER), 50e6, "the collateral returned");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "nothing is left");
    }

    function test_behavior_anyoneWithdraws(address caller) public {
        vm.assume(caller != BUYER);
        CopyId id = _closing(BUYER, root);
        vm.warp(START + THAW);
        vm.prank(caller);
        copyRegistry.withdraw(id);
        vm.assertEq(treasury.claimCredit(BUYER), 50e6, "a credit of the buyer's");
    }
}
