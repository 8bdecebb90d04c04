// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ChallengeState, IChallengeCourt } from "../../src/interfaces/IChallengeCourt.sol";
import { ICopyRegistry, State } from "../../src/interfaces/ICopyRegistry.sol";
import { IUsageLedger } from "../../src/interfaces/IUsageLedger.sol";
import { Receipt, Receipts, Report } from "../../src/lib/Receipts.sol";
import { SumNode } from "../../src/lib/SumTree.sol";
import { BURNED } from "../../src/lib/Types.sol";
import { ServingBase } from "../helpers/ServingBase.sol";

contract UnreportedTest is ServingBase {
    using Receipts for Receipt;

    function test_error_OperatorUnknown() public {
        _afterGrace();
        Receipt memory receipt = _receipt(0);
        bytes memory signature = _sign(0xbad, receipt);
        _expect(
            abi.encodeWithSelector(IUsageLedger.OperatorUnknown.selector, copyId, vm.addr(0xbad), epoch),
            receipt,
            signature,
            _emptyReport()
        );
    }

    /// A receipt is not unreported while its epoch can still be reported. A pause extends that time.
    function test_error_EpochOpen_P26() public {
        Receipt memory receipt = _receipt(0);
        bytes memory signature = _sign(receipt);
        uint64 deadline = (epoch + 2) * DAY;
        vm.warp(deadline);
        _expect(
            abi.encodeWithSelector(IChallengeCourt.EpochOpen.selector, epoch, deadline, deadline),
            receipt,
            signature,
            _emptyReport()
        );
        vm.prank(GUARDIAN);
        protocol.pause();
        vm.warp(deadline + 7 days);
        _expect(
            abi.encodeWithSelector(IChallengeCourt.EpochOpen.selector, epoch, deadline, deadline),
            receipt,
            signature,
            _emptyReport()
        );
    }

    /// The challenger can neither omit the report nor supply another.
    function test_error_ReportUnknown() public {
        Report memory filed = _twoReceipts();
        _afterEpoch();
        _file(filed);
        _afterGrace();
        Receipt memory receipt = _receipt(1);
        bytes memory signature = _sign(receipt);
        bytes memory refused = abi.encodeWithSelector(IChallengeCourt.ReportUnknown.selector, copyId, epoch);
        _expect(refused, receipt, signature, _emptyReport());
        filed.count = 1;
        _expect(refused, receipt, signature, filed);
    }

    function test_error_IndexReported(uint64 index) public {
        index = index % 2;
        Report memory filed = _twoReceipts();
        _afterEpoch();
        _file(filed);
        _afterGrace();
        Receipt memory receipt = _receipt(index);
        bytes memory refused = abi.encodeWithSelector(IChallengeCourt.IndexReported.selector, index, 2);
        _expect(refused, receipt, _sign(receipt), filed);
    }

    /// An offence is punished once. A second reporter takes nothing, and gets its bond back.
    function test_behavior_punishedOnce_P24() public {
        _afterGrace();
        Receipt memory receipt = _receipt(0);
        vm.assertEq(_unreported(CHALLENGER, receipt, _emptyReport()), 50e6, "amount taken");
        vm.assertEq(_unreported(STRANGER, receipt, _emptyReport()), 0, "nothing is taken again");
        vm.assertEq(usd.balanceOf(STRANGER), CHALLENGE_BOND, "the bond");
        vm.assertEq(court.bounties(copyId).to, CHALLENGER, "the first keeps the bounty");
    }

    function test_default(uint64 index) public {
        index = uint64(_bound(index, 2, type(uint64).max));
        Report memory filed = _twoReceipts();
        _afterEpoch();
        _file(filed);
        _afterGrace();
        _slashed(index, filed);
    }

    function test_default_noReport(uint64 index) public {
        _afterGrace();
        _slashed(index, _emptyReport());
    }

    /// A receipt stops counting in the second in which the collateral may leave.
    function test_behavior_theLastSecond_P19_P27() public {
        epoch += 1;
        vm.warp(uint256(epoch) * DAY);
        vm.prank(BUYER);
        copyRegistry.close(copyId);
        Receipt memory receipt = _receipt(0);
        bytes memory signature = _sign(receipt);
        uint64 leavesAt = epoch * DAY + THAW;
        vm.warp(leavesAt);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.ReceiptTooOld.selector, epoch, leavesAt, leavesAt - 1));
        court.unreported(receipt, signature, _emptyReport(), SALT);
        copyRegistry.withdraw(copyId);
        _assertState(copyId, State.Closed);
    }

    /// During the whole thaw, receipts of the last epoch still convict.
    function test_behavior_closing_P19(uint64 wait) public {
        Receipt memory receipt = _receipt(0);
        vm.prank(BUYER);
        copyRegistry.close(copyId);
        vm.warp(_bound(wait, (uint256(epoch) + 2) * DAY + 1, uint256(epoch) * DAY + THAW - 1));
        vm.assertEq(_unreported(CHALLENGER, receipt, _emptyReport()), 50e6, "amount taken");
        _assertPunished(copyId);
    }

    function _slashed(uint64 index, Report memory filed) private {
        Receipt memory receipt = _receipt(index);
        bytes memory signature = _sign(receipt);
        _commitTo(CHALLENGER, receipt.hash());
        vm.expectEmit(address(court));
        emit IChallengeCourt.Convicted(court.offenceOf(copyId, epoch, index), copyId, CHALLENGER, 50e6);
        vm.prank(CHALLENGER);
        vm.assertEq(court.unreported(receipt, signature, filed, SALT), 50e6, "all collateral taken");
        _assertPunished(copyId);
        vm.assertEq(usd.balanceOf(CHALLENGER), CHALLENGE_BOND, "the bond returned");
        vm.assertEq(treasury.credit(BURNED), 30e6, "three fifths are burned");
        vm.warp(block.timestamp + 1 hours);
        vm.assertEq(court.payBounty(copyId), 20e6, "two fifths for the challenger");
        vm.assertEq(treasury.credit(CHALLENGER), 20e6, "credited");
        vm.assertEq(usd.balanceOf(address(court)), 0, "nothing is left");
    }

    function _expect(bytes memory revertData, Receipt memory receipt, bytes memory signature, Report memory filed)
        private
    {
        vm.expectRevert(revertData);
        court.unreported(receipt, signature, filed, SALT);
    }
}

contract TwoFacesTest is ServingBase {
    using Receipts for Receipt;

    function test_error_ReceiptsUnrelated(uint64 other) public {
        vm.assume(other != 5);
        _expect(abi.encodeWithSelector(IChallengeCourt.ReceiptsUnrelated.selector), _receipt(5), _receipt(other));
    }

    /// One receipt with two signatures is not an offence.
    function test_error_SameReceipt() public {
        Receipt memory one = _receipt(5);
        _expect(abi.encodeWithSelector(IChallengeCourt.SameReceipt.selector, _hash(one)), one, one);
    }

    /// A receipt signed by another key does not convict.
    function test_error_OperatorUnknown() public {
        (Receipt memory one, Receipt memory other) = (_receipt(5), _receipt(5));
        other.units = 9;
        (bytes memory oneSignature, bytes memory otherSignature) = (_sign(one), _sign(0xbad, other));
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.OperatorUnknown.selector, copyId, vm.addr(0xbad), epoch));
        court.twoFaces(one, oneSignature, other, otherSignature, SALT);
    }

    function test_default_P23(bytes32 response) public {
        (Receipt memory one, Receipt memory other) = (_receipt(5), _receipt(5));
        vm.assume(response != one.responseHash);
        other.responseHash = response;
        vm.assertEq(_twoFaces(CHALLENGER, one, other), 50e6, "amount taken");
        _assertPunished(copyId);
    }

    function _hash(Receipt memory receipt) private view returns (bytes32) {
        return ledger.requireReceipt(receipt, _sign(receipt));
    }

    function _expect(bytes memory revertData, Receipt memory one, Receipt memory other) private {
        (bytes memory oneSignature, bytes memory otherSignature) = (_sign(one), _sign(other));
        vm.expectRevert(revertData);
        court.twoFaces(one, oneSignature, other, otherSignature, SALT);
    }
}

contract MissingTest is ServingBase {
    using Receipts for Receipt;

    Report private filed;

    function setUp() public override {
        super.setUp();
        filed = _twoReceipts();
        _afterEpoch();
        _file(filed);
        _afterGrace();
    }

    function test_error_IndexUnreported() public {
        Receipt memory receipt = _receipt(2);
        bytes memory signature = _sign(receipt);
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.IndexUnreported.selector, 2, 2));
        court.missing(receipt, signature, filed, SALT);
    }

    function test_error_ChallengedBefore_P24() public {
        bytes32 receiptHash = _challenge(_forged(1));
        Receipt memory receipt = _forged(1);
        bytes memory signature = _sign(receipt);
        vm.expectRevert(
            abi.encodeWithSelector(IChallengeCourt.ChallengedBefore.selector, receiptHash, ChallengeState.Open)
        );
        court.missing(receipt, signature, filed, SALT);
    }

    /// An offence punished as two faces cannot be challenged as missing.
    function test_error_OffencePunished_P24() public {
        (Receipt memory one, Receipt memory other) = (_receiptAt(1), _forged(1));
        _twoFaces(CHALLENGER, one, other);
        bytes memory signature = _sign(other);
        bytes32 offence = court.offenceOf(copyId, epoch, 1);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.OffencePunished.selector, offence));
        court.missing(other, signature, filed, SALT);
    }

    /// The host proves the receipt at its index and earns the bond.
    function test_default_answered() public {
        Receipt memory receipt = _receiptAt(1);
        bytes32 receiptHash = _challenge(receipt);
        _assertDisputes(1);
        vm.expectEmit(address(court));
        emit IChallengeCourt.Answered(receiptHash, copyId);
        court.answer(filed, receipt, _siblings(_leaf(_receiptAt(0))));
        vm.assertEq(treasury.credit(BUYER), CHALLENGE_BOND, "the host earned the bond");
        vm.assertEq(usd.balanceOf(address(court)), 0, "nothing is left");
        vm.assertTrue(court.challenges(receiptHash).state == ChallengeState.Answered, "state");
        _assertDisputes(0);
        _assertState(copyId, State.Active);
    }

    /// A report with another receipt at this index has no proof for this one.
    function test_error_ProofInvalid_P35() public {
        _challenge(_forged(1));
        _expectNoAnswer(
            abi.encodeWithSelector(IChallengeCourt.ProofInvalid.selector, 1, 2), _forged(1), _leaf(_receiptAt(0))
        );
    }

    /// A proof of the receipt at another index is rejected.
    function test_error_ProofInvalid_elsewhere_P35() public {
        Receipt memory receipt = _receiptAt(0);
        receipt.index = 1;
        _challenge(receipt);
        _expectNoAnswer(
            abi.encodeWithSelector(IChallengeCourt.ProofInvalid.selector, 1, 2), receipt, _leaf(_receiptAt(1))
        );
    }

    function test_error_ReportUnknown() public {
        _challenge(_receiptAt(1));
        filed.count = 3;
        _expectNoAnswer(
            abi.encodeWithSelector(IChallengeCourt.ReportUnknown.selector, copyId, epoch),
            _receiptAt(1),
            _leaf(_receiptAt(0))
        );
    }

    function test_error_AnswerLate() public {
        bytes32 receiptHash = _challenge(_receiptAt(1));
        uint64 deadline = court.answerDeadline(copyId, receiptHash);
        vm.assertEq(deadline, block.timestamp + 2 days, "the protocol's window");
        vm.warp(deadline + 1);
        _expectNoAnswer(
            abi.encodeWithSelector(IChallengeCourt.AnswerLate.selector, deadline + 1, deadline),
            _receiptAt(1),
            _leaf(_receiptAt(0))
        );
    }

    /// An unknown or already answered challenge cannot be answered.
    function test_error_ChallengeNotOpen() public {
        Receipt memory receipt = _receiptAt(1);
        SumNode memory sibling = _leaf(_receiptAt(0));
        bytes4 selector = IChallengeCourt.ChallengeNotOpen.selector;
        _expectNoAnswer(abi.encodeWithSelector(selector, receipt.hash(), ChallengeState.None), receipt, sibling);
        _challenge(receipt);
        court.answer(filed, receipt, _siblings(sibling));
        _expectNoAnswer(abi.encodeWithSelector(selector, receipt.hash(), ChallengeState.Answered), receipt, sibling);
    }

    function test_error_AnswerPending() public {
        bytes32 offence = _challenge(_forged(1));
        uint64 deadline = court.answerDeadline(copyId, offence);
        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.AnswerPending.selector, deadline, deadline));
        court.convict(_forged(1));
    }

    /// An unanswered challenge convicts, and the bond returns.
    function test_default_convicted() public {
        bytes32 receiptHash = _challenge(_forged(1));
        vm.warp(court.answerDeadline(copyId, receiptHash) + 1);
        vm.expectEmit(address(court));
        emit IChallengeCourt.Convicted(court.offenceOf(copyId, epoch, 1), copyId, CHALLENGER, 50e6);
        vm.prank(STRANGER);
        court.convict(_forged(1));
        vm.assertEq(treasury.credit(CHALLENGER), CHALLENGE_BOND, "the bond");
        _assertPunished(copyId);
        _assertDisputes(0);
        vm.expectRevert(
            abi.encodeWithSelector(IChallengeCourt.ChallengeNotOpen.selector, receiptHash, ChallengeState.Convicted)
        );
        court.convict(_forged(1));
        vm.warp(block.timestamp + 1 hours);
        court.payBounty(copyId);
        vm.assertEq(treasury.credit(CHALLENGER), 20e6 + CHALLENGE_BOND, "bounty and bond");
        vm.assertEq(usd.balanceOf(address(court)), 0, "nothing is left");
    }

    /// Later challenges extend the answer window, to at most twice its length.
    function test_behavior_laterChallengesExtend_P27() public {
        uint256 opened = block.timestamp;
        bytes32 first = _challenge(_forged(0));
        vm.warp(opened + 2 days - 1);
        _challenge(_forged(1));
        vm.assertEq(court.answerDeadline(copyId, first), opened + 4 days - 1, "one window after the second");
        vm.warp(opened + 3 days);
        vm.assertEq(court.answerDeadline(copyId, first), opened + 4 days - 1, "at most twice the window");
    }

    /// During a pause the answer window does not advance, and answering stays possible.
    function test_behavior_paused_P26_P42() public {
        Receipt memory receipt = _receiptAt(1);
        uint64 deadline = court.answerDeadline(copyId, _challenge(receipt));
        vm.prank(GUARDIAN);
        protocol.pause();
        vm.warp(block.timestamp + 7 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.AnswerPending.selector, deadline - 2 days, deadline));
        court.convict(receipt);
        court.answer(filed, receipt, _siblings(_leaf(_receiptAt(0))));
    }

    /// If the index was punished as two faces meanwhile, it is not punished again, and the bond returns.
    function test_behavior_punishedMeanwhile_P24() public {
        bytes32 offence = _challenge(_forged(1));
        (Receipt memory one, Receipt memory other) = (_forged(1), _receiptAt(1));
        _twoFaces(HOLDER, one, other);
        vm.warp(court.answerDeadline(copyId, offence) + 1);
        vm.assertEq(court.convict(_forged(1)), 0, "nothing taken again");
        vm.assertEq(treasury.credit(CHALLENGER), CHALLENGE_BOND, "the bond");
        _assertDisputes(0);
    }

    /// The collateral of a closing copy cannot leave while a challenge is open.
    function test_behavior_closing_P19() public {
        vm.prank(BUYER);
        copyRegistry.close(copyId);
        vm.warp(uint256(epoch) * DAY + THAW - 1);
        _challenge(_forged(1));
        vm.warp(START + THAW + 2 days);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.DisputeOpen.selector, copyId, 1));
        copyRegistry.withdraw(copyId);
        vm.warp(START + THAW + 4 days);
        vm.assertEq(court.convict(_forged(1)), 50e6, "amount taken");
    }

    /// @dev The receipt as signed on the first day.
    function _receiptAt(uint64 index) private view returns (Receipt memory receipt) {
        receipt = _receipt(index);
        receipt.issuedAt = uint64(START);
    }

    function _forged(uint64 index) private view returns (Receipt memory receipt) {
        receipt = _receiptAt(index);
        receipt.responseHash = keccak256("another answer");
    }

    function _challenge(Receipt memory receipt) private returns (bytes32) {
        return _missing(CHALLENGER, receipt, filed);
    }

    function _expectNoAnswer(bytes memory revertData, Receipt memory receipt, SumNode memory sibling) private {
        SumNode[] memory siblings = _siblings(sibling);
        vm.expectRevert(revertData);
        court.answer(filed, receipt, siblings);
    }

    function _assertDisputes(uint256 count) private view {
        vm.assertEq(copyRegistry.copies(copyId).openDisputes, count, "open disputes");
    }
}
