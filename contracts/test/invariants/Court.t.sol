// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Case, CaseId, Round, Stage, Verdict } from "../../src/interfaces/ICaseCourt.sol";
import { Prover } from "../../src/interfaces/IProverRegistry.sol";
import { BURNED } from "../../src/lib/Types.sol";
import { CourtBase } from "../helpers/CourtBase.sol";
import { CourtHandler } from "./CourtHandler.sol";

/// @notice Invariants of the court under random calls (numbers shared with Serving.t.sol):
///
///  1. Money in = money held + money paid out; each contract holds exactly what it owes.
///  3. Only an accepting vote of two thirds of a drawn panel slashes.
///  4. An offence is slashed at most once.
///  7. Every case ends by calls that anyone may make, and every account gets its money, even if others never act.
///  8. Protocol time never decreases, and does not advance while paused.
///  9. A case has at most 7 + 15 jurors, regardless of the number of provers.
contract CourtInvariants is CourtBase {
    uint256 private constant CROWD = 12;
    CourtHandler private handler;

    function setUp() public override {
        super.setUp();
        handler = new CourtHandler(usd, protocol, provers, court, BUYER, GUARDIAN);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_court() public view {
        uint256 bonds;
        uint256 accepted;
        for (uint256 i = 1; i <= court.totalCases(); ++i) {
            Case memory trial = court.cases(CaseId.wrap(i));
            if (trial.stage != Stage.Closed) bonds += trial.bond + trial.appealBond;
            if (trial.stage == Stage.Closed && trial.verdict == Verdict.Accept) ++accepted;
            _assertRuling(CaseId.wrap(i), trial);
        }
        uint256 held = usd.balanceOf(address(court));
        vm.assertEq(held, bonds + _owed(), "1. the court holds bonds and debts");
        vm.assertEq(usd.balanceOf(address(provers)), _committed() + provers.pool(), "1. stakes, earnings, pool");
        vm.assertEq(
            handler.paidIn() + PROVERS * STAKE,
            handler.paidOut() + held + usd.balanceOf(address(provers)),
            "1. in is out or still there"
        );
        vm.assertEq(collateral.slashes(), accepted, "4. one slash for each case that was accepted");
        vm.assertLe(accepted, 10, "4. at most one slash per offence");
        vm.assertFalse(handler.clockBroke(), "8. protocol time");
    }

    /// One stranger alone can end every case, and every amount owed can be claimed to the last unit.
    function afterInvariant() public {
        for (uint256 i = 1; i <= court.totalCases(); ++i) {
            for (uint256 step; step < 12 && court.cases(CaseId.wrap(i)).stage != Stage.Closed; ++step) {
                handler.advance(i - 1);
            }
            vm.assertEq(uint256(court.cases(CaseId.wrap(i)).stage), uint256(Stage.Closed), "7. the case ends");
            for (uint256 j; j < CROWD; ++j) {
                court.punishSeed(CaseId.wrap(i), 0, handler.prover(j));
                court.punishSeed(CaseId.wrap(i), 1, handler.prover(j));
            }
        }
        for (uint256 j; j < CROWD; ++j) {
            vm.assertEq(provers.provers(handler.prover(j)).locked, 0, "7. no stake stays locked");
            court.claim(handler.prover(j));
            provers.claim(handler.prover(j));
        }
        court.claim(address(0x700));
        court.claim(address(0x701));
        court.claim(BUYER);
        court.claim(BURNED);
        vm.assertEq(usd.balanceOf(address(court)), 0, "7. the court is empty");
        vm.assertEq(uint256(collateral.disputes()), 0, "7. no collateral is locked");
    }

    function _assertRuling(CaseId id, Case memory trial) private view {
        vm.assertLe(court.rounds(id, 0).panel.length, 7, "9. the first panel");
        vm.assertLe(court.rounds(id, 1).panel.length, 15, "9. the second panel");
        if (trial.stage != Stage.Closed || trial.verdict != Verdict.Accept) return;
        Round memory round = court.rounds(id, trial.round);
        bool stands = round.panel.length < 3;
        if (stands) round = court.rounds(id, 0);
        vm.assertLe(2 * round.panel.length, 3 * uint256(round.accepts), "3. two thirds of the panel");
    }

    function _owed() private view returns (uint256 owed) {
        owed = court.owed(BUYER) + court.owed(BURNED) + court.owed(address(0x700)) + court.owed(address(0x701));
        for (uint256 i; i < CROWD; ++i) {
            owed += court.owed(handler.prover(i));
        }
    }

    function _committed() private view returns (uint256 committed) {
        for (uint256 i; i < CROWD; ++i) {
            Prover memory prover = provers.provers(handler.prover(i));
            committed += prover.stake + provers.earned(handler.prover(i));
            vm.assertLe(prover.locked, prover.stake, "1. a lock never exceeds the stake");
        }
    }
}
