// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Copy, ICopyRegistry, Reason, State } from "../../src/interfaces/ICopyRegistry.sol";
import { Terms } from "../../src/interfaces/IModelRegistry.sol";
import { Parameter } from "../../src/interfaces/IProtocol.sol";
import { Ruling } from "../../src/interfaces/IRefusals.sol";
import { Quote } from "../../src/lib/Quotes.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { StateTest } from "./Lifecycle.t.sol";

/// @dev A model whose copies have a leak bond of half the collateral, and quotes with a fee.
abstract contract RefusalTest is StateTest {
    uint64 internal constant ANSWER = 2 days;
    uint32 internal constant FEE = 3e6;

    function setUp() public virtual override {
        super.setUp();
        Terms memory terms = _terms();
        terms.leakBps = 5000;
        vm.prank(CREATOR);
        registry.setTerms(root, terms);
    }

    function _deliveredWithFee() internal returns (CopyId id) {
        Quote memory quote = _quote(BUYER, root);
        quote.fee = FEE;
        id = _order(quote);
        _deliver(id);
    }

    function _refuse(CopyId id) internal {
        vm.prank(BUYER);
        copyRegistry.refuse(id, Reason.Answers, "evidence");
    }

    function _standBy(CopyId id) internal {
        vm.prank(MINTER);
        copyRegistry.standBy(id);
    }

    /// @dev Price, fee and usage part are with the buyer; the leak bond is released over the tail.
    function _assertRefundedBehindALeakBond(CopyId id, uint256 penalty) internal {
        _assertState(id, State.Refunded);
        vm.assertEq(usd.balanceOf(BUYER) + treasury.credit(BUYER), 28e6 + 25e6 + penalty, "price, fee, half, penalty");
        vm.assertEq(copyRegistry.copies(id).collateral, 25e6, "the leak bond stays");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 25e6, "held");
        vm.assertEq(minterRegistry.minters(MINTER).bond, BOND - penalty, "the minter's bond");
        vm.assertEq(minterRegistry.minters(MINTER).reserved, 0, "nothing is reserved");
        vm.assertEq(treasury.earned(root), 0, "the model earned nothing");
        vm.assertEq(treasury.credit(MINTER), 0, "nor the minter");
        vm.warp(copyRegistry.copies(id).deadline + LEAK_TAIL);
        copyRegistry.withdraw(id);
        vm.assertEq(usd.balanceOf(BUYER) + treasury.credit(BUYER), 78e6 + penalty, "all of it after the tail");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "nothing is left");
    }

    function _assertAccepted(CopyId id) internal view {
        _assertState(id, State.Active);
        vm.assertEq(treasury.earned(root), 22.5e6, "the model is paid");
        vm.assertEq(treasury.credit(MINTER), 1.25e6 + FEE, "and the minter");
        vm.assertEq(minterRegistry.minters(MINTER).bond, BOND, "its bond is whole");
        vm.assertEq(minterRegistry.minters(MINTER).reserved, 0, "and free");
        vm.assertEq(copyRegistry.copies(id).collateral, 50e6, "the collateral is locked");
    }
}

contract RefuseTest is RefusalTest {
    function _call(CopyId id) internal override {
        _refuse(id);
    }

    function _needed() internal pure override returns (State) {
        return State.Delivered;
    }

    function test_error_NotBuyer(address caller) public {
        vm.assume(caller != BUYER);
        CopyId id = _delivered(BUYER, root);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NotBuyer.selector, caller, BUYER));
        vm.prank(caller);
        copyRegistry.refuse(id, Reason.Files, "");
    }

    /// Silence accepts: after the window a delivery cannot be refused.
    function test_error_TooLate(uint64 late) public {
        late = uint64(_bound(late, 1, 1000 days));
        CopyId id = _delivered(BUYER, root);
        uint64 deadline = uint64(START) + ACCEPT_WINDOW;
        vm.warp(deadline + late);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.TooLate.selector, deadline + late, deadline));
        _refuse(id);
    }

    function test_error_RefusalIncomplete() public {
        CopyId id = _delivered(BUYER, root);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.RefusalIncomplete.selector, Reason.None, 0));
        vm.prank(BUYER);
        copyRegistry.refuse(id, Reason.None, "");
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.RefusalIncomplete.selector, Reason.Files, 257));
        vm.prank(BUYER);
        copyRegistry.refuse(id, Reason.Files, string(new bytes(257)));
    }

    function test_default(uint64 wait, uint8 reason) public {
        wait = uint64(_bound(wait, 0, ACCEPT_WINDOW));
        Reason why = Reason(1 + reason % 6);
        CopyId id = _delivered(BUYER, root);
        vm.warp(START + wait);
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.DeliveryRefused(id, why, "evidence", uint64(START) + wait + ANSWER);
        vm.prank(BUYER);
        copyRegistry.refuse(id, why, "evidence");
        _assertState(id, State.Refused);
        vm.assertTrue(copyRegistry.copies(id).reason == why, "reason");
        vm.assertEq(copyRegistry.copies(id).deadline, START + wait + ANSWER, "the minter's time");
        vm.assertFalse(copyRegistry.isActive(id), "not active");
    }

    /// A buyer may think better of it, whatever the minter has answered.
    function test_behavior_takenBack(bool defended) public {
        CopyId id = _deliveredWithFee();
        _refuse(id);
        if (defended) _standBy(id);
        vm.prank(BUYER);
        copyRegistry.accept(id);
        _assertAccepted(id);
    }

    /// Nobody else accepts what a buyer refused, while the minter may answer or says nothing.
    function test_error_NotBuyer_accept(address caller) public {
        vm.assume(caller != BUYER);
        CopyId id = _refused(BUYER, root);
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NotBuyer.selector, caller, BUYER));
            vm.prank(caller);
            copyRegistry.accept(id);
            vm.warp(START + 100 days);
        }
    }
}

contract RedeliverTest is RefusalTest {
    function _call(CopyId id) internal override {
        _deliver(id);
    }

    function _needed() internal pure override returns (State) {
        return State.Ordered;
    }

    function _allows(State state) internal pure override returns (bool) {
        return state == State.Ordered || state == State.Refused;
    }

    function test_error_TooLate() public {
        CopyId id = _refused(BUYER, root);
        vm.warp(START + ANSWER + 1);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.TooLate.selector, START + ANSWER + 1, START + ANSWER));
        _deliver(id);
    }

    /// A minter delivers again once. It cannot hold the buyer's money by delivering garbage over and over.
    function test_error_RedeliveredBefore() public {
        CopyId id = _refused(BUYER, root);
        _deliver(id);
        _refuse(id);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.RedeliveredBefore.selector, id));
        _deliver(id);
    }

    function test_default() public {
        CopyId id = _refused(BUYER, root);
        vm.warp(START + ANSWER);
        _deliver(id);
        Copy memory copy = copyRegistry.copies(id);
        vm.assertTrue(copy.state == State.Delivered, "delivered");
        vm.assertTrue(copy.redelivered, "again");
        vm.assertTrue(copy.reason == Reason.None, "no reason");
        vm.assertEq(copy.deadline, START + ANSWER + ACCEPT_WINDOW, "a whole window");
        vm.assertEq(minterRegistry.minters(MINTER).reserved, PENALTY, "still reserved");
    }
}

contract StandByTest is RefusalTest {
    function _call(CopyId id) internal override {
        _standBy(id);
    }

    function _needed() internal pure override returns (State) {
        return State.Refused;
    }

    function test_error_NotMinter(address caller) public {
        vm.assume(caller != MINTER);
        CopyId id = _refused(BUYER, root);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NotMinter.selector, caller, MINTER));
        vm.prank(caller);
        copyRegistry.standBy(id);
    }

    function test_error_TooLate() public {
        CopyId id = _refused(BUYER, root);
        vm.warp(START + ANSWER + 1);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.TooLate.selector, START + ANSWER + 1, START + ANSWER));
        _standBy(id);
    }

    /// The buyer opens no case: anyone may accept afterwards.
    function test_default(address caller) public {
        CopyId id = _deliveredWithFee();
        _refuse(id);
        vm.warp(START + 1 days);
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.DeliveryDefended(id, uint64(START) + 1 days + ANSWER);
        _standBy(id);
        _assertState(id, State.Defended);
        if (caller != BUYER) {
            vm.warp(START + 1 days + ANSWER);
            vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NotBuyer.selector, caller, BUYER));
            vm.prank(caller);
            copyRegistry.accept(id);
        }
        vm.warp(START + 1 days + ANSWER + 1);
        vm.prank(caller);
        copyRegistry.accept(id);
        _assertAccepted(id);
    }
}

contract RefundRefusedTest is RefusalTest {
    function _call(CopyId id) internal override {
        vm.prank(MINTER);
        copyRegistry.refund(id);
    }

    function _needed() internal pure override returns (State) {
        return State.Ordered;
    }

    function _allows(State state) internal pure override returns (bool) {
        return state == State.Ordered || state == State.Refused;
    }

    function test_error_TooEarly(address caller) public {
        vm.assume(caller != MINTER);
        CopyId id = _refused(BUYER, root);
        vm.warp(START + ANSWER);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.TooEarly.selector, START + ANSWER, START + ANSWER + 1));
        vm.prank(caller);
        copyRegistry.refund(id);
    }

    /// The minter gives the money back, and pays what it promised.
    function test_default() public {
        CopyId id = _deliveredWithFee();
        _refuse(id);
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.Refunded(id, PENALTY, 25e6);
        _call(id);
        _assertRefundedBehindALeakBond(id, PENALTY);
    }

    /// The minter says nothing: anyone may refund.
    function test_behavior_anyoneAfterTheAnswerWindow(address caller) public {
        CopyId id = _deliveredWithFee();
        _refuse(id);
        vm.warp(START + ANSWER + 1);
        vm.prank(caller);
        copyRegistry.refund(id);
        _assertRefundedBehindALeakBond(id, PENALTY);
    }
}

contract OpenRefusalTest is RefusalTest {
    function _call(CopyId id) internal override {
        vm.prank(COURT);
        copyRegistry.openRefusal(id);
    }

    function _needed() internal pure override returns (State) {
        return State.Defended;
    }

    /// @dev In no other state than `Defended`, and `Refused` after the minter's time.
    function test_error_WrongState() public override {
        CopyId[5] memory ids = [
            _copyId(999), _order(BUYER, root), _delivered(BUYER, root), _active(BUYER, root), _contested(BUYER, root)
        ];
        for (uint256 i; i < ids.length; ++i) {
            Copy memory copy = copyRegistry.copies(ids[i]);
            _expectNotOpen(ids[i], copy.state, copy.deadline);
        }
    }

    function test_error_NotCourt(address caller) public {
        vm.assume(caller != COURT);
        CopyId id = _defended(BUYER, root);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NotCourt.selector, caller));
        vm.prank(caller);
        copyRegistry.openRefusal(id);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NotCourt.selector, caller));
        vm.prank(caller);
        copyRegistry.closeRefusal(id, Ruling.Usable);
    }

    function test_error_RefusalNotOpen_tooLate() public {
        CopyId id = _defended(BUYER, root);
        vm.warp(START + ANSWER + 1);
        _expectNotOpen(id, State.Defended, uint64(START) + ANSWER);
    }

    function test_error_RefusalNotOpen_theMinterMayAnswer() public {
        CopyId id = _refused(BUYER, root);
        vm.warp(START + ANSWER);
        _expectNotOpen(id, State.Refused, uint64(START) + ANSWER);
    }

    function test_default(bool defended) public {
        CopyId id = defended ? _defended(BUYER, root) : _refused(BUYER, root);
        vm.warp(START + ANSWER + (defended ? 0 : 1));
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.DeliveryContested(id, COURT);
        vm.prank(COURT);
        (address buyer, address minter) = copyRegistry.openRefusal(id);
        _assertState(id, State.Contested);
        vm.assertEq(buyer, BUYER, "buyer");
        vm.assertEq(minter, MINTER, "minter");
        vm.assertEq(copyRegistry.copies(id).deadline, 0, "no deadline but the court's");
    }

    function _expectNotOpen(CopyId id, State state, uint64 deadline) private {
        vm.expectRevert(
            abi.encodeWithSelector(ICopyRegistry.RefusalNotOpen.selector, id, state, block.timestamp, deadline)
        );
        _call(id);
    }
}

contract CloseRefusalTest is RefusalTest {
    function _call(CopyId id) internal override {
        _rule(id, Ruling.Usable);
    }

    function _needed() internal pure override returns (State) {
        return State.Contested;
    }

    function test_error_RulingMissing() public {
        CopyId id = _contested(BUYER, root);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.RulingMissing.selector));
        _rule(id, Ruling.None);
    }

    function test_default_usable() public {
        CopyId id = _contestedWithFee();
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.DeliveryRuled(id, COURT, Ruling.Usable);
        _rule(id, Ruling.Usable);
        _assertAccepted(id);
    }

    function test_default_defective() public {
        CopyId id = _contestedWithFee();
        _rule(id, Ruling.Defective);
        _assertRefundedBehindALeakBond(id, PENALTY);
    }

    /// Only a ruling that nothing usable was delivered frees the leak bond at once.
    function test_default_unusable() public {
        CopyId id = _contestedWithFee();
        _rule(id, Ruling.Unusable);
        _assertState(id, State.Refunded);
        vm.assertEq(treasury.credit(BUYER), 78e6 + PENALTY, "all of it, and the penalty");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "nothing stays");
        vm.assertEq(minterRegistry.minters(MINTER).bond, BOND - PENALTY, "the minter pays");
    }

    /// Nobody decided: the price goes back, nobody is punished, and the leak bond stays behind the weights.
    function test_default_unheard() public {
        CopyId id = _contestedWithFee();
        _rule(id, Ruling.Unheard);
        _assertRefundedBehindALeakBond(id, 0);
    }

    /// A leak is tried while the delivery is. The refund waits for it with the collateral only.
    function test_behavior_aDisputeFreezesTheCollateralOfARefund() public {
        CopyId id = _contestedWithFee();
        vm.prank(COURT);
        copyRegistry.openDispute(id);
        _rule(id, Ruling.Unusable);
        vm.assertEq(treasury.credit(BUYER), 28e6 + PENALTY, "price, fee and penalty");
        vm.assertEq(copyRegistry.copies(id).collateral, 50e6, "the collateral waits");
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.DisputeOpen.selector, id, 1));
        copyRegistry.withdraw(id);
        vm.prank(COURT);
        copyRegistry.closeDispute(id);
        copyRegistry.withdraw(id);
        vm.assertEq(treasury.credit(BUYER), 78e6 + PENALTY, "all of it");
    }

    /// The deadline that a refusal began with holds for it.
    function test_behavior_aShorterAnswerWindowIsNotRetroactive_P26() public {
        CopyId id = _refused(BUYER, root);
        vm.prank(OWNER);
        protocol.set(Parameter.AnswerWindow, 1 hours);
        vm.warp(START + 1 days);
        vm.assertEq(copyRegistry.copies(id).deadline, START + ANSWER, "unchanged");
        _standBy(id);
        _assertState(id, State.Defended);
    }

    function _contestedWithFee() private returns (CopyId id) {
        id = _deliveredWithFee();
        _refuse(id);
        _standBy(id);
        vm.prank(COURT);
        copyRegistry.openRefusal(id);
    }
}
