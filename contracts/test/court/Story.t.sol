// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CaseCourt } from "../../src/court/CaseCourt.sol";
import { ProverRegistry } from "../../src/court/ProverRegistry.sol";
import { CaseId, ICaseCourt, Verdict } from "../../src/interfaces/ICaseCourt.sol";
import { ICopyRegistry, State } from "../../src/interfaces/ICopyRegistry.sol";
import { BURNED, CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

/// @notice A leaked copy is found, and its case is decided by the real court with the real collateral.
contract CaseStoryTest is BaseTest {
    address private constant OPENER = address(0x09);
    bytes32 private constant LEAK = keccak256("artifact root of a file found outside");
    bytes32 private constant SALT = keccak256("salt");

    ProverRegistry private provers;
    CaseCourt private court;
    ModelId private id;
    CopyId private copy;

    function setUp() public override {
        super.setUp();
        for (uint256 i; i < 9; ++i) {
            address prover = address(uint160(0x9000 + i));
            _fund(prover, address(provers), 1000e6);
            vm.prank(prover);
            provers.stake(1000e6);
        }
        id = _root();
        copy = _active(BUYER, id);
        _accrue();
        treasury.claim(id, CREATOR);
    }

    function _courts() internal override returns (address[] memory courts) {
        address courtAt = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        provers = new ProverRegistry(usd, protocol, courtAt);
        court = new CaseCourt(usd, protocol, address(copyRegistry), provers);
        courts = new address[](1);
        courts[0] = address(court);
    }

    function test_story_aLeakedCopyIsFoundAndItsBuyerIsSlashed_P22() public {
        CaseId caseId = _open();
        _decide(caseId, Verdict.Accept, 6);
        _assertPunished(copy);

        vm.assertEq(court.claim(OPENER), 50e6, "the bond returned");
        vm.assertEq(treasury.claimCredit(OPENER), 20e6, "40 % of 50 USDC for the opener");
        vm.assertEq(treasury.credit(BURNED), 10e6, "20 % burned");
        _accrue();
        vm.assertEq(treasury.claim(id, CREATOR), 18e6, "the rest through the treasury: 20 USDC less the cuts");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "no collateral is left");
    }

    function test_story_aFalseAccuserLosesTheBond() public {
        CaseId caseId = _open();
        vm.prank(BUYER);
        court.answer(caseId, "this file answers none of my keys");
        _decide(caseId, Verdict.Reject, 9);
        _assertState(copy, State.Active);

        vm.assertEq(court.claim(BUYER), 25e6, "half of the bond to the accused");
        vm.assertEq(court.claim(BURNED), 25e6, "half is burned");
        vm.assertEq(court.claim(OPENER), 0, "nothing to the opener");
        vm.assertEq(copyRegistry.copies(copy).collateral, 50e6, "the collateral is untouched");
    }

    /// The accused closes the copy, and the thaw ends during the case. The collateral cannot leave before the ruling.
    function test_behavior_collateralWaitsForTheRuling_P19() public {
        vm.prank(BUYER);
        copyRegistry.close(copy);
        vm.warp(block.timestamp + protocol.thaw() - 1 days);
        CaseId caseId = _open();
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.DisputeOpen.selector, copy, 1));
        copyRegistry.withdraw(copy);
        _decide(caseId, Verdict.Reject, 7);
        vm.prank(BUYER);
        copyRegistry.withdraw(copy);
        vm.assertEq(usd.balanceOf(BUYER), 50e6, "the collateral returned");
    }

    /// Two cases about two targets are accepted. The second finds no collateral left and still closes.
    function test_behavior_aSlashNeverRevertsForLackOfCollateral_P21_P24() public {
        CaseId first = _open();
        _fund(OPENER, address(court), 50e6);
        vm.prank(OPENER);
        CaseId second = court.open(copy, keccak256("another"), 40, "");
        _decideAll(first, second);
        vm.assertEq(treasury.credit(OPENER), 20e6, "paid once");
        vm.assertEq(copyRegistry.copies(copy).openDisputes, 0, "both disputes are closed");
    }

    function test_error_NothingAtStake_undelivered() public {
        CopyId ordered = _order(STRANGER, id);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NothingAtStake.selector, ordered, State.Ordered));
        vm.prank(OPENER);
        court.open(ordered, LEAK, 40, "");
    }

    function _open() private returns (CaseId) {
        _fund(OPENER, address(court), 50e6);
        vm.prank(OPENER);
        return court.open(copy, LEAK, 40, "sha-256 of the file, and where it was found");
    }

    function _decide(CaseId caseId, Verdict vote, uint256 voters) private {
        _waitFor(court.cases(caseId).until + court.cases(caseId).unit);
        court.draw(caseId);
        _commit(caseId, vote, voters);
        _waitFor(court.rounds(caseId, 0).commitUntil);
        _reveal(caseId, vote, voters);
        _waitFor(court.rounds(caseId, 0).revealUntil);
        court.rule(caseId);
        _waitFor(court.cases(caseId).until);
        court.close(caseId);
    }

    function _decideAll(CaseId first, CaseId second) private {
        _waitFor(court.cases(first).until + court.cases(first).unit);
        court.draw(first);
        court.draw(second);
        _commit(first, Verdict.Accept, 7);
        _commit(second, Verdict.Accept, 7);
        _waitFor(court.rounds(first, 0).commitUntil);
        _reveal(first, Verdict.Accept, 7);
        _reveal(second, Verdict.Accept, 7);
        _waitFor(court.rounds(first, 0).revealUntil);
        court.rule(first);
        court.rule(second);
        _waitFor(court.cases(first).until);
        court.close(first);
        court.close(second);
    }

    function _commit(CaseId caseId, Verdict vote, uint256 voters) private {
        address[] memory panel = court.rounds(caseId, 0).panel;
        for (uint256 i; i < voters && i < panel.length; ++i) {
            bytes32 commitment = court.voteHash(caseId, 0, panel[i], vote, 40, SALT);
            vm.prank(panel[i]);
            court.commitVote(caseId, commitment);
        }
    }

    function _reveal(CaseId caseId, Verdict vote, uint256 voters) private {
        address[] memory panel = court.rounds(caseId, 0).panel;
        for (uint256 i; i < voters && i < panel.length; ++i) {
            vm.prank(panel[i]);
            court.revealVote(caseId, vote, 40, SALT);
        }
    }

    function _waitFor(uint64 until) private {
        vm.warp(block.timestamp + (until + 1 - protocol.time()));
    }
}
