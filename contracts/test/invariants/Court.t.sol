// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Case, Kind, Round, Stage, Verdict } from "../../src/interfaces/ICaseCourt.sol";
import { Vm } from "../helpers/Vm.sol";
import { CourtHandler } from "./CourtHandler.sol";

/// @notice Invariants of the court under random calls (numbers shared with Serving.t.sol):
///
///  1. Money in = money held + money paid out; each contract holds exactly what it owes.
///  3. Only an accepting vote of two thirds of a drawn panel's seats slashes, with enough evidence and all keys shown.
///  4. An offence is slashed at most once.
///  7. Every case ends by calls that anyone may make, and every account gets its money, even if others never act.
///  8. Protocol time never decreases, and does not advance while paused.
///  9. A case has at most 63 + 127 jurors, regardless of the number of provers.
/// 13. No bond behind an origin leaves before its time, or while a case about its version is open.
/// 15. Nobody's bond is at stake for a version that it was not put up for.
/// 17. A conviction takes no more than two thirds of what its jurors can lose, and pays no more of it than the bounty's part.
/// 18. An ancestor earns from a model that it was convicted with, or that descends from one, and from no other: what its terms
///     asked before the version was published, in one of four places.
contract CourtInvariants {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    CourtHandler private handler;

    function setUp() public {
        handler = new CourtHandler();
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function excludeSelectors() public view returns (FuzzSelector[] memory excluded) {
        excluded = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](3);
        (selectors[0], selectors[1]) = (CourtHandler.payAll.selector, bytes4(keccak256("setUp()")));
        selectors[2] = handler.claimBonds.selector;
        excluded[0] = FuzzSelector(address(handler), selectors);
    }

    /// The calls of the handler reach convictions, and ancestors that are carried on.
    function test_story_theHandlerConvictsAndCarriesOn() public {
        // a stranger accuses the fourth model of hiding the first, and every juror accepts
        handler.accuse(1, 3, 0, 1);
        handler.sit(0, 4, 1 << 64);
        handler.advance(0);
        vm.assertEq(handler.entries(), 1, "entered");
        // whoever names the fourth model as its parent owes the first
        handler.register(0, 7, 0, true);
        handler.carry(0, 3, handler.models() - 1);
        vm.assertEq(handler.carried(), 1, "carried on");
        handler.pay(3, 1e9 + 1);
        handler.pay(handler.models() - 1, 1e9 + 1);
        vm.assertTrue(handler.bondsBurned() > 0, "the bond is lost");
        invariant_court();
    }

    function invariant_court() public view {
        uint256 accepted;
        for (uint256 i = 1; i <= handler.totalCases(); ++i) {
            Case memory trial = handler.caseAt(i);
            bool taken = trial.stage == Stage.Closed && trial.verdict == Verdict.Accept && trial.kind == Kind.Leak;
            if (taken) ++accepted;
            _assertRuling(i, trial);
        }
        (uint256 atCourt, uint256 atProvers, uint256 burned) = handler.balances();
        vm.assertEq(atCourt, handler.owedByCourt(), "1. the court holds bonds and debts");
        vm.assertEq(atProvers, handler.stakesAndEarnings() + handler.pool_(), "1. stakes, earnings, pool");
        vm.assertEq(handler.committed(), handler.stakesAndEarnings(), "1. stakes and earnings");
        vm.assertEq(
            handler.paidIn(), handler.paidOut() + atCourt + atProvers + burned, "1. in is out, burned or still there"
        );
        vm.assertEq(handler.slashes(), accepted, "4. one slash for each case that was accepted");
        vm.assertEq(handler.broken(), "", "3, 7, 8, 13, 15, 17, 18");
        handler.assertBonds();
        handler.assertFamilies();
        handler.assertTreasury();
    }

    /// One stranger alone can end every case, and every amount owed can be claimed to the last unit.
    function afterInvariant() public {
        for (uint256 i = 1; i <= handler.totalCases(); ++i) {
            for (uint256 step; step < 12 && handler.caseAt(i).stage != Stage.Closed; ++step) {
                handler.advance(i - 1);
            }
            vm.assertEq(uint256(handler.caseAt(i).stage), uint256(Stage.Closed), "7. the case ends");
        }
        for (uint256 j; j < handler.CROWD(); ++j) {
            vm.assertTrue(handler.isFree(j), "7. no stake stays locked");
        }
        handler.payAll();
        (uint256 atCourt,,) = handler.balances();
        vm.assertEq(atCourt, 0, "7. the court is empty");
        vm.assertTrue(handler.openDisputes() == 0, "7. no collateral is locked");
        handler.claimBonds();
    }

    function _assertRuling(uint256 i, Case memory trial) private view {
        Round memory first = handler.roundAt(i, 0);
        Round memory second = handler.roundAt(i, 1);
        vm.assertLe(first.panel.length, first.seats, "9. the first panel");
        vm.assertLe(first.seats, 63, "9. at most 63");
        vm.assertLe(second.panel.length, second.seats, "9. the second panel");
        vm.assertLe(second.seats, 127, "9. at most 127");
        if (trial.stage != Stage.Closed || trial.verdict != Verdict.Accept) return;
        Round memory last = trial.round == 0 ? first : second;
        vm.assertLe(2 * uint256(last.seats), 3 * uint256(last.accepts), "3. two thirds of the seats");
        if (trial.kind != Kind.Refusal) vm.assertTrue(handler.isShown(trial, last.eighth), "3. all keys shown");
        vm.assertTrue(!trial.annulled, "3. not annulled");
        vm.assertLe(2 * uint256(last.seats) * trial.stake, 3 * uint256(last.accepts) * trial.stake, "17. bounded");
    }
}
