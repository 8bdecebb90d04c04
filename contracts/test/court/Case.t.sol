// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Case, CaseId, ICaseCourt, Stage, Verdict } from "../../src/interfaces/ICaseCourt.sol";
import { IProtocol, Parameter } from "../../src/interfaces/IProtocol.sol";
import { CopyId } from "../../src/lib/Types.sol";
import { CourtBase } from "../helpers/CourtBase.sol";

contract OpenTest is CourtBase {
    function test_error_ProtocolPaused() public {
        vm.prank(GUARDIAN);
        protocol.pause();
        vm.expectRevert(abi.encodeWithSelector(IProtocol.ProtocolPaused.selector, START + 7 days));
        court.open(COPY, TARGET, 1, "");
    }

    function test_error_CaseIncomplete() public {
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseIncomplete.selector, bytes32(0), 1));
        court.open(COPY, 0, 1, "");
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseIncomplete.selector, TARGET, 0));
        court.open(COPY, TARGET, 0, "");
    }

    function test_error_CopyUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CopyUnknown.selector, 0));
        court.open(CopyId.wrap(0), TARGET, 1, "");
    }

    function test_error_OpenerIsAccused() public {
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.OpenerIsAccused.selector, BUYER));
        vm.prank(BUYER);
        court.open(COPY, TARGET, 1, "");
    }

    function test_error_OffenceTaken_whileOpen_P24() public {
        CaseId id = _open();
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.OffenceTaken.selector, court.offenceOf(COPY, TARGET), id));
        court.open(COPY, TARGET, 1, "");
    }

    /// An accepted offence cannot be tried again. An offence that was not accepted can, and so can one about another
    /// target.
    function test_error_OffenceTaken_P23_P24() public {
        CaseId id = _open();
        _draw(id);
        _vote(id, 7, 0);
        _close(id);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.OffenceTaken.selector, court.offenceOf(COPY, TARGET), id));
        court.open(COPY, TARGET, 1, "");
        _fund(OPENER, address(court), BOND);
        vm.prank(OPENER);
        court.open(COPY, keccak256("another"), 1, "");
    }

    function test_behavior_aRejectedCaseMayBeOpenedAgain() public {
        CaseId id = _open();
        _draw(id);
        _vote(id, 0, 7);
        _close(id);
        CaseId again = _open();
        vm.assertEq(CaseId.unwrap(again), 2, "a second case");
    }

    /// The protocol's bounds fix the minimum bond.
    function test_default_P30() public {
        CaseId id = _open();
        Case memory trial = court.cases(id);
        vm.assertEq(usd.balanceOf(address(court)), BOND, "the court holds the bond");
        vm.assertEq(trial.until, START + ANSWER, "the answer window");
        vm.assertEq(trial.accused, BUYER, "the copy's buyer");
        vm.assertEq(uint256(collateral.disputes()), 1, "the collateral is locked");
    }
}

contract AnswerTest is CourtBase {
    function test_error_WrongStage() public {
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.WrongStage.selector, 9, Stage.None, Stage.Seeding));
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
    bytes32 private constant NUMBER = keccak256("number");
    CaseId private id;

    function setUp() public override {
        super.setUp();
        id = _open();
    }

    function test_error_commitSeed() public {
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CommitmentMissing.selector));
        vm.prank(_prover(0));
        court.commitSeed(id, 0);
        _commit(_prover(0));
        bytes32 commitment = court.seedHash(id, 0, _prover(0), NUMBER);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.AlreadyCommitted.selector, id, _prover(0)));
        vm.prank(_prover(0));
        court.commitSeed(id, commitment);
        _wait(ANSWER + 1);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooLate.selector, START + ANSWER + 1, START + ANSWER));
        vm.prank(_prover(1));
        court.commitSeed(id, commitment);
    }

    function test_error_revealSeed_early_P28() public {
        _commit(_prover(0));
        _wait(ANSWER);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooEarly.selector, START + ANSWER, START + ANSWER + 1));
        _reveal(_prover(0));
    }

    function test_error_revealSeed_late_P28() public {
        _commit(_prover(0));
        _wait(ANSWER + UNIT + 1);
        vm.expectRevert(
            abi.encodeWithSelector(ICaseCourt.CaseTooLate.selector, START + ANSWER + UNIT + 1, START + ANSWER + UNIT)
        );
        _reveal(_prover(0));
    }

    /// A commitment copied from another prover cannot be revealed, because it is bound to the prover.
    function test_error_CommitmentMismatch_P28() public {
        bytes32 commitment = court.seedHash(id, 0, _prover(0), NUMBER);
        vm.prank(_prover(1));
        court.commitSeed(id, commitment);
        _wait(ANSWER + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICaseCourt.CommitmentMismatch.selector, court.seedHash(id, 0, _prover(1), NUMBER), commitment
            )
        );
        _reveal(_prover(1));
    }

    function test_error_draw_CaseTooEarly() public {
        _wait(ANSWER + UNIT);
        vm.expectRevert(
            abi.encodeWithSelector(ICaseCourt.CaseTooEarly.selector, START + ANSWER + UNIT, START + ANSWER + UNIT + 1)
        );
        court.draw(id);
    }

    function test_error_draw_onlyOnce_P28() public {
        _draw(id);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.WrongStage.selector, id, Stage.Voting, Stage.Seeding));
        court.draw(id);
    }

    /// The panel depends on both the numbers and the block, and on nothing else.
    function test_behavior_seed_P28() public {
        bytes32 mixed = _panelAfter(true, 1);
        vm.assertEq(_panelAfter(true, 1), mixed, "the same inputs give the same panel");
        vm.assertTrue(_panelAfter(true, 2) != mixed, "another block gives another panel");
        vm.assertTrue(_panelAfter(false, 1) != mixed, "one number less gives another panel");
    }

    /// A prover who withholds its number pays the penalty, whoever reports it.
    function test_behavior_withheldNumbersCost_P28() public {
        _commit(_prover(0));
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.WrongStage.selector, id, Stage.Seeding, Stage.Voting));
        court.punishSeed(id, 0, _prover(0));
        _draw(id);
        uint256 drawn = provers.provers(_prover(0)).locked - PENALTY;
        vm.prank(STRANGER);
        court.punishSeed(id, 0, _prover(0));
        court.punishSeed(id, 0, _prover(0));
        vm.assertEq(provers.provers(_prover(0)).stake, STAKE - PENALTY, "penalized once");
        vm.assertEq(provers.provers(_prover(0)).locked, drawn, "only the draw's lock remains");
        vm.assertEq(provers.pool(), PENALTY, "the penalty went to the pool");
    }

    function test_behavior_revealingUnlocksThePenalty() public {
        _commit(_prover(0));
        _wait(ANSWER + 1);
        _reveal(_prover(0));
        vm.assertEq(provers.provers(_prover(0)).locked, 0, "unlocked");
        vm.expectRevert(
            abi.encodeWithSelector(
                ICaseCourt.CommitmentMismatch.selector,
                court.seedHash(id, 0, _prover(0), NUMBER),
                court.seedHash(id, 0, _prover(0), NUMBER)
            )
        );
        _reveal(_prover(0));
    }

    /// Without enough provers the case ends in a draw, and every bond returns.
    function test_behavior_tooFewProversToDraw() public {
        for (uint256 i; i < PROVERS - 2; ++i) {
            vm.prank(_prover(i));
            provers.exit();
        }
        _draw(id);
        Case memory trial = court.cases(id);
        vm.assertEq(uint256(trial.verdict), uint256(Verdict.Draw), "draw");
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.RulingFinal.selector, id));
        vm.prank(OPENER);
        court.appeal(id);
        court.close(id);
        vm.assertEq(court.owed(OPENER), BOND, "the bond");
        vm.assertEq(provers.provers(_prover(9)).locked, 0, "no lock");
        vm.assertEq(provers.provers(_prover(9)).stake, STAKE, "jurors who could not vote pay nothing");
        _assertMoney(id);
    }

    function _panelAfter(bool number, uint256 block_) private returns (bytes32 panel) {
        (bool done, bytes memory answer) =
            address(this).call(abi.encodeWithSignature("panelThenRevert(bool,uint256)", number, block_));
        vm.assertFalse(done, "the call reverted");
        vm.warp(START);
        assembly ("memory-safe") {
            panel := mload(add(answer, 32))
        }
    }

    function panelThenRevert(bool number, uint256 block_) external {
        _commit(_prover(0));
        _wait(ANSWER + 1);
        if (number) _reveal(_prover(0));
        vm.prevrandao(bytes32(block_));
        _draw(id);
        bytes32 panel = keccak256(abi.encode(court.rounds(id, 0).panel));
        assembly ("memory-safe") {
            mstore(0, panel)
            revert(0, 32)
        }
    }

    function _commit(address prover) private {
        bytes32 commitment = court.seedHash(id, 0, prover, NUMBER);
        vm.prank(prover);
        court.commitSeed(id, commitment);
    }

    function _reveal(address prover) private {
        vm.prank(prover);
        court.revealSeed(id, NUMBER);
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
        court.commitVote(id, SALT);
    }

    function test_error_commitVote() public {
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CommitmentMissing.selector));
        vm.prank(panel[0]);
        court.commitVote(id, 0);
        _commitVote(id, panel[0], Verdict.Accept);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.AlreadyCommitted.selector, id, panel[0]));
        vm.prank(panel[0]);
        court.commitVote(id, SALT);
        uint64 until = court.rounds(id, 0).commitUntil;
        _wait(4 * UNIT + 1);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooLate.selector, until + 1, until));
        vm.prank(panel[1]);
        court.commitVote(id, SALT);
    }

    /// A vote commitment copied from another juror cannot be revealed by the copier.
    function test_error_CommitmentMismatch_P28() public {
        bytes32 copied = court.voteHash(id, 0, panel[0], Verdict.Accept, 30, SALT);
        vm.prank(panel[1]);
        court.commitVote(id, copied);
        _wait(4 * UNIT + 1);
        bytes32 revealed = court.voteHash(id, 0, panel[1], Verdict.Accept, 30, SALT);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CommitmentMismatch.selector, revealed, copied));
        _revealVote(id, panel[1], Verdict.Accept);
    }

    function test_error_revealVote_early() public {
        _commitVote(id, panel[0], Verdict.Accept);
        uint64 until = court.rounds(id, 0).commitUntil;
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooEarly.selector, _now(), until + 1));
        _revealVote(id, panel[0], Verdict.Accept);
    }

    function test_error_revealVote_late() public {
        _commitVote(id, panel[0], Verdict.Accept);
        uint64 until = court.rounds(id, 0).revealUntil;
        _wait(6 * UNIT + 1);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooLate.selector, until + 1, until));
        _revealVote(id, panel[0], Verdict.Accept);
    }

    function test_error_revealVote_twice() public {
        _commitVote(id, panel[0], Verdict.Accept);
        _wait(4 * UNIT + 1);
        _revealVote(id, panel[0], Verdict.Accept);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.AlreadyCommitted.selector, id, panel[0]));
        _revealVote(id, panel[0], Verdict.Accept);
        vm.assertEq(court.rounds(id, 0).accepts, 1, "counted once");
    }

    function test_error_VoteInvalid() public {
        _assertVoteInvalid(panel[0], Verdict.Accept, 0);
        _assertVoteInvalid(panel[1], Verdict.Draw, 5);
        _assertVoteInvalid(panel[2], Verdict.None, 0);
    }

    function test_error_rule_CaseTooEarly() public {
        _wait(6 * UNIT);
        uint64 until = court.rounds(id, 0).revealUntil;
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooEarly.selector, until, until + 1));
        court.rule(id);
    }

    /// The ruling for every count of votes on a panel of seven.
    function test_behavior_rule(uint8 accepts, uint8 rejects) public {
        accepts = accepts % 8;
        rejects = rejects % (8 - accepts);
        _vote(id, accepts, rejects);
        Verdict wanted = accepts >= 5 ? Verdict.Accept : rejects >= 4 ? Verdict.Reject : Verdict.Draw;
        vm.assertEq(uint256(court.cases(id).verdict), uint256(wanted), "ruling");
    }

    /// Without votes the case is a draw and nobody is slashed.
    function test_behavior_noVotesIsADraw() public {
        _vote(id, 0, 0);
        _close(id);
        vm.assertEq(collateral.slashes(), 0, "no slash");
        vm.assertEq(court.owed(OPENER), BOND, "the bond");
        for (uint256 i; i < panel.length; ++i) {
            vm.assertEq(provers.provers(panel[i]).stake, STAKE - PENALTY, "silent jurors pay");
        }
        vm.assertEq(provers.pool(), 7 * PENALTY, "to the pool");
        _assertMoney(id);
    }

    function _assertVoteInvalid(address prover, Verdict vote, uint32 hits) private {
        bytes32 commitment = court.voteHash(id, 0, prover, vote, hits, SALT);
        uint256 now_ = block.timestamp;
        vm.prank(prover);
        court.commitVote(id, commitment);
        _wait(4 * UNIT + 1);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.VoteInvalid.selector, vote, hits));
        vm.prank(prover);
        court.revealVote(id, vote, hits, SALT);
        vm.warp(now_);
    }
}

contract AppealAndCloseTest is CourtBase {
    CaseId private id;

    function setUp() public override {
        super.setUp();
        id = _open();
        _draw(id);
    }

    function test_error_close_CaseTooEarly() public {
        _vote(id, 7, 0);
        uint64 until = court.cases(id).until;
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooEarly.selector, _now(), until + 1));
        court.close(id);
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

    function test_error_appeal_CaseTooLate() public {
        _vote(id, 7, 0);
        uint64 until = court.cases(id).until;
        _wait(UNIT + 1);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.CaseTooLate.selector, until + 1, until));
        vm.prank(BUYER);
        court.appeal(id);
    }

    function test_default_accepted() public {
        _vote(id, 5, 1);
        _close(id);
        vm.assertEq(collateral.slashes(), 1, "slashed");
        vm.assertEq(collateral.reporter(), OPENER, "the opener is the reporter");
        vm.assertEq(collateral.offence(), court.offenceOf(COPY, TARGET), "the offence");
        vm.assertEq(uint256(collateral.disputes()), 0, "the dispute is over");
        vm.assertEq(court.claim(OPENER), BOND, "the bond returned");
        vm.assertEq(court.claim(OPENER), 0, "paid once");
        address[] memory panel = court.rounds(id, 0).panel;
        vm.assertEq(provers.earned(panel[0]), 2 * PENALTY / 5, "the majority shares what two lost");
        vm.assertEq(provers.provers(panel[5]).stake, STAKE - PENALTY, "a juror of the minority");
        vm.assertEq(provers.provers(panel[6]).stake, STAKE - PENALTY, "a silent juror");
        _assertMoney(id);
    }

    function test_behavior_rejected() public {
        _vote(id, 0, 7);
        _close(id);
        vm.assertEq(collateral.slashes(), 0, "nobody is slashed");
        vm.assertEq(court.claim(BUYER), BOND / 2, "half to the accused");
        vm.assertEq(court.claim(address(0xdead)), BOND / 2, "half is burned");
        vm.assertEq(usd.balanceOf(address(court)), 0, "nothing is left");
        _assertMoney(id);
    }

    /// The accused appeals and wins. Its bond returns, and the opener's bond is forfeited.
    function test_behavior_appealWon() public {
        _vote(id, 7, 0);
        _appeal(id, BUYER);
        _draw(id);
        vm.assertEq(court.rounds(id, 1).panel.length, PROVERS, "all provers, at most 15");
        _vote(id, 0, 10);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.RulingFinal.selector, id));
        vm.prank(OPENER);
        court.appeal(id);
        _close(id);
        vm.assertEq(collateral.slashes(), 0, "nobody is slashed");
        vm.assertEq(court.owed(BUYER), 2 * BOND + BOND / 2, "own bond and half of the opener's");
        vm.assertEq(court.owed(address(0xdead)), BOND / 2, "the other half");
        address[] memory first = court.rounds(id, 0).panel;
        for (uint256 i; i < first.length; ++i) {
            vm.assertEq(provers.provers(first[i]).stake, STAKE - PENALTY, "the first panel was wrong");
        }
        _assertMoney(id);
    }

    function test_behavior_appealLost() public {
        _vote(id, 7, 0);
        _appeal(id, BUYER);
        _draw(id);
        _vote(id, 10, 0);
        _close(id);
        vm.assertEq(collateral.slashes(), 1, "slashed");
        vm.assertEq(court.owed(OPENER), BOND + BOND, "own bond and half of the appeal's");
        vm.assertEq(court.owed(address(0xdead)), BOND, "the other half");
        _assertMoney(id);
    }

    function test_behavior_theOpenerAppealsAndLoses() public {
        _vote(id, 0, 7);
        _appeal(id, OPENER);
        _draw(id);
        _vote(id, 0, 10);
        _close(id);
        vm.assertEq(court.owed(BUYER), BOND / 2 + BOND, "half of both bonds");
        vm.assertEq(court.owed(address(0xdead)), BOND / 2 + BOND, "the other halves");
        _assertMoney(id);
    }

    /// Without a second panel the first ruling stands.
    function test_behavior_appealWithoutPanel() public {
        _vote(id, 7, 0);
        _appeal(id, BUYER);
        for (uint256 i; i < PROVERS - 2; ++i) {
            vm.prank(_prover(i));
            provers.exit();
        }
        _draw(id);
        court.close(id);
        vm.assertEq(collateral.slashes(), 1, "slashed");
        _assertMoney(id);
    }

    /// Jurors are paid for votes from the pool, up to its balance.
    function test_behavior_votesArePaid() public {
        usd.mint(address(provers), 100e6);
        _vote(id, 7, 0);
        _close(id);
        vm.assertEq(provers.earned(court.rounds(id, 0).panel[0]), 1e6, "the fee for a vote");
        vm.assertEq(provers.pool(), 93e6, "from the pool");
        _assertMoney(id);
    }

    /// The cost of closing an appealed case is bounded, regardless of the number of provers.
    function test_behavior_endsWithinABoundedCost_P7() public {
        for (uint256 i = PROVERS; i < 40; ++i) {
            _stake(_prover(i), STAKE);
        }
        _vote(id, 7, 0);
        _appeal(id, BUYER);
        _draw(id);
        vm.assertEq(court.rounds(id, 1).panel.length, 15, "15 jurors");
        _vote(id, 0, 15);
        vm.warp(block.timestamp + UNIT + 1);
        uint256 before = gasleft();
        court.close(id);
        vm.assertLe(before - gasleft(), 3_000_000, "22 jurors settled (unoptimised build)");
    }
}
