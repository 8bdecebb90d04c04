// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Case, CaseId, ICaseCourt, Kind, Round, Stage, Verdict, Vote } from "../../src/interfaces/ICaseCourt.sol";
import { Codeword, IKeyLedger, OpenedKey } from "../../src/interfaces/IKeyLedger.sol";
import { ILeakCases } from "../../src/interfaces/ILeakCases.sol";
import { IMatter } from "../../src/interfaces/IMatter.sol";
import { IProtocol } from "../../src/interfaces/IProtocol.sol";
import { IRefusalCases } from "../../src/interfaces/IRefusalCases.sol";
import { Ruling } from "../../src/interfaces/IRefusals.sol";
import { BURNED, CopyId } from "../../src/lib/Types.sol";
import { CourtBase } from "../helpers/CourtBase.sol";

contract OpenTest is CourtBase {
    function test_error_ProtocolPaused() public {
        vm.prank(GUARDIAN);
        protocol.pause();
        vm.expectRevert(abi.encodeWithSelector(IProtocol.ProtocolPaused.selector, START + 7 days));
        court.open(Kind.Leak, SUBJECT, TARGET, "");
    }

    function test_error_TargetMissing() public {
        vm.expectRevert(abi.encodeWithSelector(ILeakCases.TargetMissing.selector));
        court.open(Kind.Leak, SUBJECT, 0, "");
    }

    function test_error_CopyUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(ILeakCases.CopyUnknown.selector, 0));
        court.open(Kind.Leak, 0, TARGET, "");
    }

    /// Nobody in a position to frame can open a case, or join one.
    function test_error_Excluded() public {
        CaseId id = _open();
        address[4] memory parties = [BUYER, MINTER, CREATOR, CONTROLLER];
        for (uint256 i; i < 4; ++i) {
            bytes memory refused = abi.encodeWithSelector(IMatter.Excluded.selector, parties[i]);
            vm.expectRevert(refused);
            vm.prank(parties[i]);
            court.open(Kind.Leak, SUBJECT, keccak256("another"), "");
            vm.expectRevert(refused);
            vm.prank(parties[i]);
            court.join(id, "");
        }
    }

    function test_error_OffenceTaken_whileOpen_P24() public {
        CaseId id = _open();
        bytes32 offence = court.offenceOf(Kind.Leak, SUBJECT, TARGET);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.OffenceTaken.selector, offence, id));
        court.open(Kind.Leak, SUBJECT, TARGET, "");
    }

    /// An accepted offence cannot be tried again. One that was not accepted can, and so can one about another target.
    function test_error_OffenceTaken_P23_P24() public {
        CaseId id = _try(7, 0);
        bytes32 offence = court.offenceOf(Kind.Leak, SUBJECT, TARGET);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.OffenceTaken.selector, offence, id));
        court.open(Kind.Leak, SUBJECT, TARGET, "");
        _openAt(keccak256("another"));
    }

    function test_behavior_aRejectedCaseMayBeOpenedAgain() public {
        _try(0, 7);
        vm.assertEq(CaseId.unwrap(_open()), 2, "a second case");
    }

    /// Stakes younger than a week are not counted. A case that nobody could hear is not opened.
    function test_error_ElectorateTooSmall() public {
        for (uint256 i; i < 8; ++i) {
            vm.prank(_prover(i));
            provers.exit();
        }
        _wait(9 days);
        for (uint256 i; i < 8; ++i) {
            provers.withdraw(_prover(i));
        }
        _stake(_prover(50), STAKE);
        _wait(7 days - 1);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.ElectorateTooSmall.selector, 2, 3));
        court.open(Kind.Leak, SUBJECT, TARGET, "");
        _wait(1);
        CaseId id = _open();
        vm.assertEq(court.rounds(id, 0).seats, 3, "the eligible provers at most");
    }

    /// When every eighth of the codeword is spent, nothing is left to test.
    function test_error_CodewordSpent() public {
        for (uint256 i; i < 8; ++i) {
            CaseId id = _openAt(bytes32(i + 1));
            _draw(id);
            vm.assertEq(keys.left(COPY), 7 - i, "one eighth for each panel");
            _vote(id, 0, 7);
            _close(id);
        }
        vm.expectRevert(abi.encodeWithSelector(IKeyLedger.CodewordSpent.selector, COPY));
        court.open(Kind.Leak, SUBJECT, TARGET, "");
    }

    /// The protocol's bounds fix the minimum bond.
    function test_default_P30() public {
        CaseId id = _open();
        Case memory trial = court.cases(id);
        vm.assertEq(usd.balanceOf(address(court)), BOND + RECORD_FEE, "the court holds bond and fee");
        vm.assertEq(trial.until, START + ANSWER, "the answer window");
        vm.assertEq(trial.accused, BUYER, "the copy's buyer");
        vm.assertEq(uint256(records.disputes()), 1, "the collateral is locked");
        vm.assertEq(trial.threshold, ENOUGH, "ln 10^9");
        vm.assertEq(court.rounds(id, 0).seats, 7, "the smallest panel");
        _assertMoney(id);
    }

    /// Seats grow with what may be taken, and with the evidence that many copies need.
    function test_behavior_seatsAndThreshold(uint32 sold) public {
        records.setSold(sold);
        _setCopy(COPY, 5_000e6);
        CaseId id = _open();
        vm.assertEq(court.rounds(id, 0).seats, 9, "1.5 x 5 stakes, odd");
        uint64 threshold = court.cases(id).threshold;
        uint256 doublings;
        while (2 ** doublings < sold) ++doublings;
        vm.assertEq(threshold, 20_724 + 694 * doublings, "ln(10^9 x sold), rounded up to a doubling");
    }

    /// During the guarded launch a case takes at most its cap.
    function test_behavior_cap() public {
        _setCopy(COPY, 50_000e6);
        vm.assertEq(court.cases(_open()).amount, 10_000e6, "the cap");
        protocol.endGuardedLaunch();
        vm.assertEq(court.cases(_openAt(SALT)).amount, 50_000e6, "no cap afterwards");
    }
}

contract JoinTest is CourtBase {
    CaseId private id;

    function setUp() public override {
        super.setUp();
        id = _open();
    }

    function test_error_JoinedBefore() public {
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.JoinedBefore.selector, id, OPENER));
        vm.prank(OPENER);
        court.join(id, "");
    }

    function test_error_NotJoinable() public {
        for (uint256 i; i < 7; ++i) {
            _join(address(uint160(0x800 + i)));
        }
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.NotJoinable.selector, id, 8));
        vm.prank(STRANGER);
        court.join(id, "");
    }

    function test_error_afterTheDrawing() public {
        _draw(id);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.WrongStage.selector, id, Stage.Voting, Stage.Drawing));
        vm.prank(STRANGER);
        court.join(id, "");
    }

    /// Openers share the bounty.
    function test_default() public {
        _join(STRANGER);
        _assertMoney(id);
        _draw(id);
        _vote(id, 7, 0);
        _close(id);
        vm.assertEq(court.owed(STRANGER), BOND + 4e6, "its bond, and half of the bounty");
        vm.assertEq(court.owed(OPENER), BOND + 4e6, "so does the first");
        _assertMoney(id);
    }

    /// A prover that joins is never a juror of the case, and pays nothing for that.
    function test_behavior_aJoinedProverDoesNotVote() public {
        for (uint256 i; i < 7; ++i) {
            _join(_prover(i));
        }
        _draw(id);
        address[] memory panel = court.rounds(id, 0).panel;
        for (uint256 i; i < panel.length; ++i) {
            if (uint160(panel[i]) - 0x9000 >= 7) continue;
            bytes32 commitment = SALT;
            vm.expectRevert(abi.encodeWithSelector(ICaseCourt.NotOnPanel.selector, id, panel[i]));
            vm.prank(panel[i]);
            court.commitVote(id, i, commitment);
        }
        _waitUntil(court.rounds(id, 0).revealUntil + 1);
        court.rule(id);
        _close(id);
        for (uint256 i; i < 7; ++i) {
            vm.assertEq(provers.provers(_prover(i)).stake, STAKE, "no penalty");
            vm.assertEq(provers.provers(_prover(i)).locked, 0, "no lock");
        }
    }

    function _join(address account) private {
        _fund(account, address(court), BOND);
        vm.prank(account);
        court.join(id, "");
    }
}

contract AnswerTest is CourtBase {
    function test_error_WrongStage() public {
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.WrongStage.selector, 9, Stage.None, Stage.Drawing));
        court.answer(CaseId.wrap(9), "");
    }

    function test_error_NotAccused() public {
        CaseId id = _open();
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.NotAccused.selector, STRANGER, BUYER));
        vm.prank(STRANGER);
        court.answer(id, "");
    }

    function test_error_AlreadyAnswered() public {
        CaseId id = _open();
        _answer(id);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.AlreadyAnswered.selector, id));
        _answer(id);
    }

    function test_error_CaseTooLate() public {
        CaseId id = _open();
        _wait(ANSWER + 1);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooLate.selector, START + ANSWER + 1, START + ANSWER));
        _answer(id);
    }

    function test_default() public {
        CaseId id = _open();
        _answer(id);
        vm.assertEq(court.cases(id).until, START + ANSWER, "not extended");
    }

    /// An answer in the last second extends the step by a quarter of the window.
    function test_behavior_lastSecond_P27() public {
        CaseId id = _open();
        _wait(ANSWER);
        _answer(id);
        vm.assertEq(court.cases(id).until, START + ANSWER + ANSWER / 4, "extended");
    }

    /// The panel is drawn early, and votes are committed after the answer all the same.
    function test_behavior_votesWaitForTheAnswer() public {
        CaseId id = _open();
        _draw(id);
        _answer(id);
        vm.assertEq(court.rounds(id, 0).commitUntil, START + ANSWER + 4 * UNIT, "after the answer window");
    }

    /// Answering works while paused, and the pause does not shorten the window.
    function test_behavior_whilePaused_P26_P42() public {
        CaseId id = _open();
        vm.prank(GUARDIAN);
        protocol.pause();
        _wait(7 days + ANSWER);
        vm.assertEq(court.cases(id).until, _now(), "the pause does not count");
        _answer(id);
    }

    function _answer(CaseId id) private {
        vm.prank(BUYER);
        court.answer(id, "I sold nothing");
    }
}

contract DrawTest is CourtBase {
    CaseId private id;

    function setUp() public override {
        super.setUp();
        id = _open();
    }

    function test_error_BlockPending() public {
        _blocks(2);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.BlockPending.selector, 1002, 1003));
        court.record(id);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.BlockPending.selector, 1002, 1003));
        court.draw(id);
    }

    function test_error_draw_onlyOnce_P28() public {
        _draw(id);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.WrongStage.selector, id, Stage.Voting, Stage.Drawing));
        court.draw(id);
    }

    /// Anyone records the hash, once, for a fee.
    function test_default() public {
        _blocks(3);
        vm.prank(STRANGER);
        court.record(id);
        court.record(id);
        vm.assertEq(court.owed(STRANGER), RECORD_FEE, "the fee, once");
        court.draw(id);
        Round memory round = court.rounds(id, 0);
        vm.assertEq(round.panel.length, 7, "the panel");
        vm.assertEq(round.block_, 1002, "the block");
        for (uint256 i; i < 7; ++i) {
            vm.assertEq(provers.provers(round.panel[i]).locked, STAKE, "a whole stake is locked");
        }
        _assertMoney(id);
    }

    /// A missed block fixes the one 256 later, as often as it is missed.
    function test_behavior_missed(uint16 later) public {
        later = uint16(later % 2000);
        _blocks(3 + later);
        court.record(id);
        vm.assertEq(court.rounds(id, 0).block_, 1002 + uint256(later) / 256 * 256, "the block");
        vm.assertTrue(court.rounds(id, 0).seed != keccak256(abi.encode(court, id, uint8(0), bytes32(0))), "its hash");
    }

    /// The panel depends on the block.
    function test_behavior_block_P28(bytes32 one, bytes32 other) public {
        vm.assume(one != other);
        vm.assertTrue(_panelAfter(one, false) != _panelAfter(other, false), "another block, another panel or eighth");
    }

    /// Whoever joins the provers, asks to leave, or adds to its stake after the opening changes nothing.
    /// forge-config: default.fuzz.runs = 32
    function test_behavior_nothingElseChangesThePanel(bytes32 hash) public {
        vm.assertEq(_panelAfter(hash, true), _panelAfter(hash, false), "the same panel");
    }

    /// Parties of the case are never drawn.
    /// forge-config: default.fuzz.runs = 32
    function test_behavior_partiesAreNotDrawn(bytes32 hash) public {
        _stake(MINTER, STAKE);
        _stake(CREATOR, STAKE);
        _stake(CONTROLLER, STAKE);
        _stake(BUYER, STAKE);
        _stake(OPENER, STAKE);
        _wait(7 days);
        id = _openAt(SALT);
        vm.assertEq(court.cases(id).electorate.eligible, 15, "all are old enough");
        _blocks(3);
        vm.setBlockhash(1002, hash);
        court.draw(id);
        address[] memory panel = court.rounds(id, 0).panel;
        for (uint256 i; i < panel.length; ++i) {
            vm.assertTrue(uint160(panel[i]) >= 0x9000 && uint160(panel[i]) < 0x900a, "a prover that is no party");
        }
    }

    /// A juror whose stake is locked by another case leaves its seat empty, which counts like silence.
    function test_behavior_aStakeJudgesOneCase() public {
        CaseId other = _openAt(SALT);
        _draw(id);
        court.draw(other);
        vm.assertLe(court.rounds(other, 0).panel.length, 3, "three stakes are free");
        vm.assertEq(court.rounds(other, 0).seats, 7, "seven seats all the same");
        for (uint256 i; i < PROVERS; ++i) {
            vm.assertLe(provers.provers(_prover(i)).locked, STAKE, "no stake is locked twice");
        }
        _vote(other, court.rounds(other, 0).panel.length, 0);
        vm.assertEq(uint256(court.cases(other).verdict), uint256(Verdict.Draw), "too few to convict");
    }

    function _panelAfter(bytes32 hash, bool crowd) private returns (bytes32 panel) {
        (bool done, bytes memory answer) =
            address(this).call(abi.encodeWithSignature("panelThenRevert(bytes32,bool)", hash, crowd));
        vm.assertFalse(done, "the call reverted");
        vm.warp(START);
        vm.roll(1000);
        assembly ("memory-safe") {
            panel := mload(add(answer, 32))
        }
    }

    function panelThenRevert(bytes32 hash, bool crowd) external {
        if (crowd) {
            for (uint256 i; i < 20; ++i) {
                _stake(_prover(100 + i), STAKE);
            }
            for (uint256 i; i < 4; ++i) {
                vm.prank(_prover(i));
                provers.exit();
            }
            _stake(_prover(7), 500e6);
        }
        _blocks(3);
        vm.setBlockhash(1002, hash);
        court.draw(id);
        Round memory round = court.rounds(id, 0);
        bytes32 panel = keccak256(abi.encode(round.panel, round.eighth));
        assembly ("memory-safe") {
            mstore(0, panel)
            revert(0, 32)
        }
    }
}

contract VoteTest is CourtBase {
    CaseId private id;
    address[] private panel;

    function setUp() public override {
        super.setUp();
        id = _open();
        _draw(id);
        panel = court.rounds(id, 0).panel;
    }

    function test_error_NotOnPanel() public {
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.NotOnPanel.selector, id, STRANGER));
        vm.prank(STRANGER);
        court.commitVote(id, 0, SALT);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.NotOnPanel.selector, id, panel[0]));
        vm.prank(panel[0]);
        court.commitVote(id, 1, SALT);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.NotOnPanel.selector, id, panel[0]));
        vm.prank(panel[0]);
        court.commitVote(id, 7, SALT);
    }

    function test_error_commitVote() public {
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CommitmentMissing.selector));
        vm.prank(panel[0]);
        court.commitVote(id, 0, 0);
        _commitVote(id, 0, _vote(Verdict.Accept));
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.AlreadyCommitted.selector, id, panel[0]));
        vm.prank(panel[0]);
        court.commitVote(id, 0, SALT);
        uint64 until = court.rounds(id, 0).commitUntil;
        _waitUntil(until + 1);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooLate.selector, until + 1, until));
        vm.prank(panel[1]);
        court.commitVote(id, 1, SALT);
    }

    /// A vote commitment copied from another juror cannot be revealed by the copier.
    function test_error_CommitmentMismatch_P28() public {
        bytes32 copied = court.voteHash(id, 0, panel[0], _vote(Verdict.Accept), SALT);
        bytes32 own = court.voteHash(id, 0, panel[1], _vote(Verdict.Accept), SALT);
        vm.prank(panel[1]);
        court.commitVote(id, 1, copied);
        _reveals();
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CommitmentMismatch.selector, own, copied));
        _reveal(1, _vote(Verdict.Accept));
    }

    function test_error_revealVote_P28() public {
        Vote memory vote = _vote(Verdict.Reject);
        _commitVote(id, 0, vote);
        uint64 until = court.rounds(id, 0).commitUntil;
        _waitUntil(until);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooEarly.selector, until, until + 1));
        _reveal(0, vote);
        _wait(1);
        _reveal(0, vote);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.AlreadyCommitted.selector, id, panel[0]));
        _reveal(0, vote);
        _wait(2 * UNIT);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooLate.selector, until + 2 * UNIT + 1, until + 2 * UNIT));
        _reveal(0, vote);
    }

    /// A vote to accept needs the evidence that was fixed at the opening.
    function test_error_VoteInvalid() public {
        Vote[4] memory votes = [
            Vote(Verdict.Accept, ENOUGH - 1, 0, 0),
            Vote(Verdict.Draw, ENOUGH, 0, 0),
            Vote(Verdict.Reject, 1, 0, 0),
            Vote(Verdict.Reject, 0, 1, 0)
        ];
        for (uint256 i; i < 4; ++i) {
            _commitVote(id, i, votes[i]);
        }
        _reveals();
        for (uint256 i; i < 4; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(ICaseCourt.VoteInvalid.selector, votes[i].verdict, votes[i].finding, ENOUGH)
            );
            _reveal(i, votes[i]);
        }
    }

    function test_error_rule_early() public {
        uint64 until = court.rounds(id, 0).revealUntil;
        _waitUntil(until);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooEarly.selector, until, until + 1));
        court.rule(id);
    }

    /// Without all keys of the eighth nobody is convicted.
    function test_behavior_keysMustBeShown() public {
        for (uint256 i; i < 7; ++i) {
            _commitVote(id, i, _vote(Verdict.Accept));
        }
        _reveals();
        for (uint256 i; i < 7; ++i) {
            _reveal(i, _vote(Verdict.Accept));
        }
        OpenedKey[] memory one = new OpenedKey[](1);
        one[0] = _keysOf(id)[0];
        keys.openKeys(COPY, _eighthOf(id), _codeword(), one);
        _waitUntil(court.rounds(id, 0).revealUntil + 1);
        court.rule(id);
        vm.assertEq(uint256(court.cases(id).verdict), uint256(Verdict.Draw), "one of two keys");
    }

    /// Keys are opened one after the other, and more than the eighth are not.
    function test_behavior_keysInParts() public {
        _reveals();
        OpenedKey[] memory all = _keysOf(id);
        OpenedKey[] memory one = new OpenedKey[](1);
        one[0] = all[0];
        keys.openKeys(COPY, _eighthOf(id), _codeword(), one);
        one[0] = all[1];
        keys.openKeys(COPY, _eighthOf(id), _codeword(), one);
        _openKeys(id);
        (uint256 opened, uint256 all_) = keys.progress(COPY, _eighthOf(id));
        vm.assertEq(opened, 2, "both, and no more");
        vm.assertEq(all_, 2, "of two");
    }

    /// Only the eighth that the panel drew can be opened.
    function test_error_EighthNotDrawn() public {
        uint8 other = (_eighthOf(id) + 1) % 8;
        OpenedKey[] memory all = _keysOf(id);
        Codeword memory codeword = _codeword();
        vm.expectRevert(abi.encodeWithSelector(IKeyLedger.EighthNotDrawn.selector, COPY, other));
        keys.openKeys(COPY, other, codeword, all);
    }

    /// A key that stands elsewhere, or in other roots, opens nothing.
    function test_error_KeyInvalid() public {
        uint256 first = uint256(_eighthOf(id)) * 2;
        Codeword memory codeword = _codeword();
        OpenedKey[] memory all = _keysOf(id);
        (all[0], all[1]) = (all[1], all[0]);
        _expectInvalid(codeword, all, first);
        all = _keysOf(id);
        all[1].response = all[0].response;
        _expectInvalid(codeword, all, first + 1);
        all = _keysOf(id);
        all[1].pooled = all[0].pooled;
        _expectInvalid(codeword, all, first + 1);
        all = _keysOf(id);
        codeword.count = 24;
        _expectInvalid(codeword, all, first / 2 * 3);
        codeword.poolRoot = codeword.responsesRoot;
        bytes32 root = records.copies(COPY).fingerprintRoot;
        uint8 eighth = _eighthOf(id);
        vm.expectRevert(abi.encodeWithSelector(IKeyLedger.CodewordInvalid.selector, COPY, root));
        keys.openKeys(COPY, eighth, codeword, all);
    }

    function _expectInvalid(Codeword memory codeword, OpenedKey[] memory opened, uint256 index) private {
        uint8 eighth = _eighthOf(id);
        vm.expectRevert(abi.encodeWithSelector(IKeyLedger.KeyInvalid.selector, COPY, index));
        keys.openKeys(COPY, eighth, codeword, opened);
    }

    /// Two thirds of all seats accept, more than half reject, and anything else is a draw.
    /// forge-config: default.fuzz.runs = 64
    function test_default_ruling(uint8 accepts, uint8 rejects) public {
        accepts = accepts % 8;
        rejects = rejects % (8 - accepts);
        _vote(id, accepts, rejects);
        Verdict expected = accepts >= 5 ? Verdict.Accept : rejects >= 4 ? Verdict.Reject : Verdict.Draw;
        vm.assertEq(uint256(court.cases(id).verdict), uint256(expected), "ruling");
    }

    function _reveals() private {
        _waitUntil(court.rounds(id, 0).commitUntil + 1);
    }

    function _reveal(uint256 seat, Vote memory vote) private {
        vm.prank(panel[seat]);
        court.revealVote(id, seat, vote, SALT);
    }
}

contract AppealTest is CourtBase {
    CaseId private id;

    function setUp() public override {
        super.setUp();
        id = _open();
        _draw(id);
    }

    function test_error_NotLoser() public {
        _vote(id, 7, 0);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.NotLoser.selector, OPENER));
        vm.prank(OPENER);
        court.appeal(id);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.NotLoser.selector, STRANGER));
        vm.prank(STRANGER);
        court.appeal(id);
    }

    function test_error_CaseTooLate() public {
        _vote(id, 7, 0);
        uint64 until = court.cases(id).until;
        _waitUntil(until + 1);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooLate.selector, until + 1, until));
        vm.prank(BUYER);
        court.appeal(id);
    }

    function test_error_RulingFinal() public {
        _vote(id, 7, 0);
        _appeal(id, BUYER);
        _draw(id);
        _vote(id, 9, 0);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.RulingFinal.selector, id));
        vm.prank(BUYER);
        court.appeal(id);
    }

    /// A larger panel, drawn anew from the same electorate, tests another eighth.
    function test_default_confirmed() public {
        uint8 first = court.rounds(id, 0).eighth;
        _vote(id, 7, 0);
        _appeal(id, BUYER);
        _assertMoney(id);
        _draw(id);
        Round memory second = court.rounds(id, 1);
        vm.assertEq(second.seats, 9, "larger: at most the ten eligible, odd");
        vm.assertEq(second.panel.length, 9, "jurors of the first panel may sit again");
        vm.assertTrue(second.eighth != first, "another eighth");
        for (uint256 i; i < PROVERS; ++i) {
            vm.assertLe(provers.provers(_prover(i)).locked, STAKE, "one stake for both panels");
        }
        _vote(id, 9, 0);
        _close(id);
        vm.assertEq(court.owed(OPENER), 2 * BOND + 8e6, "bond, bounty and half of the appeal's bond");
        vm.assertEq(records.slashes(), 1, "slashed");
        _assertFree();
        _assertMoney(id);
    }

    /// Jurors whose ruling falls lose their stake, which is burned.
    function test_behavior_fallen() public {
        address[] memory first = court.rounds(id, 0).panel;
        _vote(id, 7, 0);
        _appeal(id, BUYER);
        _draw(id);
        address[] memory second = court.rounds(id, 1).panel;
        _vote(id, 0, 9);
        _close(id);
        vm.assertEq(court.owed(BUYER), 2 * BOND + BOND / 2, "its bond back, and half of the opener's");
        vm.assertEq(records.slashes(), 0, "nothing is taken");
        for (uint256 i; i < first.length; ++i) {
            vm.assertEq(provers.provers(first[i]).stake, 0, "the whole stake");
            vm.assertEq(provers.provers(first[i]).place, 0, "and out of the list");
        }
        vm.assertEq(usd.balanceOf(BURNED), 7 * STAKE, "burned");
        vm.assertEq(second.length, 9, "those of the second panel keep theirs");
        _assertFree();
        _assertMoney(id);
    }

    /// An appeal that is not decided leaves nothing standing: no conviction, no stake lost, the appellant's bond back.
    function test_behavior_notDecided() public {
        _vote(id, 7, 0);
        _appeal(id, BUYER);
        _draw(id);
        _vote(id, 0, 0);
        vm.assertEq(uint256(court.cases(id).verdict), uint256(Verdict.Draw), "draw");
        _close(id);
        vm.assertEq(court.owed(BUYER), 2 * BOND, "the appellant's bond");
        vm.assertEq(court.owed(OPENER), BOND * 4 / 5, "the opener pays the fee");
        vm.assertEq(usd.balanceOf(BURNED), 9 * PENALTY, "silence costs");
        _assertFree();
        _assertMoney(id);
    }

    function _assertFree() private view {
        for (uint256 i; i < PROVERS; ++i) {
            vm.assertEq(provers.provers(_prover(i)).locked, 0, "no stake stays locked");
        }
        vm.assertEq(uint256(records.disputes()), 0, "the collateral is free");
    }
}

contract CloseTest is CourtBase {
    function test_error_CaseTooEarly() public {
        CaseId id = _open();
        _draw(id);
        _vote(id, 0, 7);
        uint64 until = court.cases(id).closesAfter;
        _waitUntil(until);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooEarly.selector, until, until + 1));
        court.close(id);
    }

    /// The bounty is what the jurors found proven, on average. Everything else is burned by the registry.
    function test_default_accepted() public {
        CaseId id = _try(6, 1);
        vm.assertEq(records.maxBounty(), 8e6, "the proven cost");
        vm.assertEq(records.claimed(), 50e6, "what was at stake at the opening");
        vm.assertEq(court.owed(OPENER), BOND + 8e6, "bond and bounty");
        vm.assertEq(usd.balanceOf(BURNED), PENALTY, "the vote against both rulings");
        vm.assertEq(leaks.bountiesOn(MINTER), 8e6, "counted for the minter");
        _assertMoney(id);
    }

    /// A conviction takes at most two thirds of the jurors' stakes.
    function test_behavior_boundedByStakes() public {
        protocol.endGuardedLaunch();
        _setCopy(COPY, 100_000e6);
        CaseId id = _open();
        vm.assertEq(court.rounds(id, 0).seats, 9, "all that are eligible");
        _draw(id);
        _vote(id, 9, 0);
        _close(id);
        vm.assertEq(records.claimed(), 6_000e6, "two thirds of nine stakes");
    }

    function test_default_rejected() public {
        CaseId id = _try(0, 5);
        vm.assertEq(court.owed(BUYER), BOND / 2, "half for the accused");
        vm.assertEq(court.owed(BURNED), BOND / 2, "half is burned");
        vm.assertEq(usd.balanceOf(BURNED), 2 * PENALTY, "two were silent");
        _assertMoney(id);
    }

    /// A case that is not decided costs its opener a fifth of the bond.
    function test_default_draw() public {
        CaseId id = _try(3, 3);
        vm.assertEq(court.owed(OPENER), BOND * 4 / 5, "the rest of the bond");
        vm.assertEq(court.owed(BURNED), BOND / 5, "the fee is burned");
        vm.assertEq(usd.balanceOf(BURNED), PENALTY, "only silence costs");
        _assertMoney(id);
    }

    /// Votes are paid from the pool, as far as it goes.
    function test_behavior_votesArePaid() public {
        usd.mint(address(provers), 3e6);
        _try(7, 0);
        uint256 earned;
        for (uint256 i; i < PROVERS; ++i) {
            earned += provers.earned(_prover(i));
        }
        vm.assertEq(earned, 3e6, "1 USDC a vote until the pool is empty");
        vm.assertEq(provers.pool(), 0, "empty");
    }

    function test_behavior_claim() public {
        _try(7, 0);
        vm.assertEq(court.claim(OPENER), BOND + 8e6, "claimed");
        vm.assertEq(court.claim(OPENER), 0, "once");
        vm.assertEq(usd.balanceOf(OPENER), BOND + 8e6, "received");
    }
}

contract AnnulTest is CourtBase {
    CaseId private id;

    function setUp() public override {
        super.setUp();
        id = _open();
        _draw(id);
    }

    function test_error_NotCouncil() public {
        _vote(id, 7, 0);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.NotCouncil.selector, STRANGER));
        vm.prank(STRANGER);
        court.annul(id);
        protocol.endGuardedLaunch();
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.NotCouncil.selector, COUNCIL));
        vm.prank(COUNCIL);
        court.annul(id);
    }

    function test_error_CaseTooLate() public {
        _vote(id, 7, 0);
        uint64 until = court.cases(id).closesAfter;
        vm.assertEq(until, _now() + 8 * UNIT, "one case window");
        _waitUntil(until + 1);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooLate.selector, until + 1, until));
        vm.prank(COUNCIL);
        court.annul(id);
    }

    /// Nothing has left, so the victim is whole, and what fell was costly.
    function test_default() public {
        _vote(id, 7, 0);
        vm.prank(COUNCIL);
        court.annul(id);
        court.close(id);
        vm.assertEq(records.slashes(), 0, "nothing was taken");
        vm.assertEq(uint256(records.disputes()), 0, "the collateral is free");
        vm.assertEq(court.owed(BUYER), BOND / 2, "half of the opener's bond");
        vm.assertEq(usd.balanceOf(BURNED), 7 * STAKE, "the jurors' stakes");
        _assertMoney(id);
    }

    function test_behavior_afterAnAppeal() public {
        _vote(id, 7, 0);
        _appeal(id, BUYER);
        _draw(id);
        _vote(id, 9, 0);
        vm.prank(COUNCIL);
        court.annul(id);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.RulingFinal.selector, id));
        vm.prank(OPENER);
        court.appeal(id);
        court.close(id);
        vm.assertEq(court.owed(BUYER), 2 * BOND + BOND / 2, "appeal bond, and half of the opener's");
        _assertMoney(id);
    }
}

contract RefusalTest is CourtBase {
    function test_error_NotRefuser() public {
        vm.expectRevert(abi.encodeWithSelector(IRefusalCases.NotRefuser.selector, STRANGER, BUYER));
        vm.prank(STRANGER);
        court.open(Kind.Refusal, SUBJECT, 0, "");
    }

    function test_error_NotJoinable() public {
        CaseId id = _refuse();
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.NotJoinable.selector, id, 8));
        vm.prank(STRANGER);
        court.join(id, "");
    }

    /// No codeword is opened, and no evidence of a leak is needed.
    /// forge-config: default.fuzz.runs = 64
    function test_default(uint8 accepts, uint8 rejects, uint8 graver) public {
        accepts = accepts % 8;
        rejects = rejects % (8 - accepts);
        graver = graver % (accepts + 1);
        CaseId id = _refuse();
        _draw(id);
        vm.assertEq(keys.left(COPY), 8, "no eighth is spent");
        Round memory round = court.rounds(id, 0);
        for (uint256 i; i < accepts + rejects; ++i) {
            _commitVote(id, i, _found(i, accepts, graver));
        }
        _waitUntil(round.commitUntil + 1);
        for (uint256 i; i < accepts + rejects; ++i) {
            _revealVote(id, i, _found(i, accepts, graver));
        }
        _waitUntil(round.revealUntil + 1);
        court.rule(id);
        _close(id);
        Ruling expected = Ruling.Unheard;
        if (accepts >= 5) expected = graver >= 5 ? Ruling.Unusable : Ruling.Defective;
        else if (rejects >= 4) expected = Ruling.Usable;
        vm.assertEq(uint256(records.ruling()), uint256(expected), "ruling");
        vm.assertEq(records.slashes(), 0, "no collateral is taken");
        _assertMoney(id);
    }

    function _found(uint256 i, uint8 accepts, uint8 graver) private pure returns (Vote memory) {
        if (i >= accepts) return Vote(Verdict.Reject, 0, 0, 0);
        return Vote(Verdict.Accept, i < graver ? 2 : 1, 0, 0);
    }

    function _refuse() private returns (CaseId id) {
        _fund(BUYER, address(court), BOND + RECORD_FEE);
        vm.prank(BUYER);
        id = court.open(Kind.Refusal, SUBJECT, 0, "the files do not have the root");
        vm.assertEq(court.cases(id).accused, MINTER, "the minter answers for it");
    }
}

contract CaseBondTest is CourtBase {
    function test_default_growsWithWhatItFreezes(uint96 collateral) public {
        collateral = 1 + collateral % 10_000_000e6;
        _setCopy(COPY, collateral);
        uint256 least = collateral / 200;
        uint256 bond = least > BOND ? least : BOND;
        (uint64 first,) = court.bondOf(Kind.Leak, CopyId.unwrap(COPY));
        vm.assertEq(first, bond, "half a percent, and the least bond at least");
        _openAt(TARGET);
        (uint64 second, uint64 recordFee) = court.bondOf(Kind.Leak, CopyId.unwrap(COPY));
        vm.assertEq(second, 2 * bond, "twice the bond of the one before");
        vm.assertEq(recordFee, second / 50, "the recorder's part");
    }

    function test_paper_25_freezingMuchCostsMuch() public {
        _setCopy(COPY, 10_000_000e6);
        CaseId id = _open();
        vm.assertEq(court.cases(id).bond, 50_000e6, "half a percent of ten millions");
        _draw(id);
        _vote(id, 0, court.rounds(id, 0).panel.length);
        _close(id);
        vm.assertEq(court.owed(BUYER), 25_000e6, "half of it is the victim's");
    }
}
