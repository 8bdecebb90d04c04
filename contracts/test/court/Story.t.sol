// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CaseId, Kind, Verdict, Vote } from "../../src/interfaces/ICaseCourt.sol";
import { Delivery, ICopyRegistry, Reason, State } from "../../src/interfaces/ICopyRegistry.sol";
import { Codeword, OpenedKey } from "../../src/interfaces/IKeyLedger.sol";
import { BURNED, CopyId, ModelId } from "../../src/lib/Types.sol";
import { JudgedBase } from "../helpers/JudgedBase.sol";
import { Tree } from "../helpers/Tree.sol";

/// @notice Cases that are decided by the real court with the real collateral.
contract CaseStoryTest is JudgedBase {
    bytes32 private constant LEAK = keccak256("artifact root of a file found outside");

    ModelId private id;
    CopyId private copy;

    function setUp() public override {
        super.setUp();
        id = _root();
        vm.prank(CREATOR);
        registry.nameMinter(id, MINTER, true);
        vm.prank(CREATOR);
        registry.commitKeyPool(id, 1, Tree.rootOf(pool));
        copy = _fingerprinted(BUYER);
        vm.prank(BUYER);
        copyRegistry.accept(copy);
    }

    function test_story_aLeakedCopyIsFoundAndItsBuyerIsSlashed_P22() public {
        CaseId caseId = _open(LEAK);
        _decide(caseId, Verdict.Accept, 6);
        _assertPunished(copy);

        vm.assertEq(court.claim(OPENER), 50e6 + 8e6, "the bond, and what finding it cost");
        vm.assertEq(treasury.claimCredit(BURNED), 42e6, "the rest of the collateral is burned");
        vm.assertEq(treasury.earned(id), 22.5e6, "the model earns nothing by it");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "no collateral is left");
    }

    function test_story_aFalseAccuserLosesTheBond() public {
        CaseId caseId = _open(LEAK);
        vm.prank(BUYER);
        court.answer(caseId, "this file answers none of my keys");
        _decide(caseId, Verdict.Reject, 7);
        _assertState(copy, State.Active);

        vm.assertEq(court.claim(BUYER), 25e6, "half of the bond to the accused");
        vm.assertEq(court.claim(BURNED), 25e6, "half is burned");
        vm.assertEq(court.claim(OPENER), 0, "nothing to the opener");
        vm.assertEq(copyRegistry.copies(copy).collateral, 50e6, "the collateral is untouched");
    }

    /// A garbage copy is refused. The minter stands by it, a panel decides, and the minter pays.
    function test_story_aRefusedDeliveryIsDecided() public {
        CopyId other = _fingerprinted(HOLDER);
        vm.prank(HOLDER);
        copyRegistry.refuse(other, Reason.Files, "evidence");
        vm.prank(MINTER);
        copyRegistry.standBy(other);
        _fund(HOLDER, address(court), 51e6);
        vm.prank(HOLDER);
        CaseId caseId = court.open(Kind.Refusal, CopyId.unwrap(other), 0, "the files do not have the root");
        _assertState(other, State.Contested);
        _decide(caseId, Verdict.Accept, 7);
        _assertState(other, State.Refunded);
        vm.assertEq(court.claim(HOLDER), 50e6, "the bond returned");
        treasury.claimCredit(HOLDER);
        vm.assertEq(usd.balanceOf(HOLDER), 50e6 + 25e6 + 50e6 + PENALTY, "price, collateral and penalty too");
        vm.assertEq(minterRegistry.minters(MINTER).bond, BOND - PENALTY, "paid by the minter");
    }

    /// The accused closes the copy, and the thaw ends during the case. The collateral cannot leave before the ruling.
    function test_behavior_collateralWaitsForTheRuling_P19() public {
        vm.prank(BUYER);
        copyRegistry.close(copy);
        vm.warp(block.timestamp + protocol.thaw() - 1 days);
        CaseId caseId = _open(LEAK);
        uint256 left = copyRegistry.copies(copy).collateral;
        vm.warp(block.timestamp + 1 days);
        vm.assertEq(copyRegistry.released(copy), 0, "frozen");
        _decide(caseId, Verdict.Accept, 7);
        vm.assertEq(copyRegistry.copies(copy).collateral, 0, "what was left at the opening was taken");
        vm.assertTrue(left > 0, "all of it");
    }

    /// Attack: collateral frozen for nothing, again and again. After its release date no case opens.
    function test_audit_13_noCaseAfterTheRelease() public {
        vm.prank(BUYER);
        copyRegistry.close(copy);
        vm.warp(block.timestamp + protocol.thaw() + LEAK_TAIL);
        _fund(OPENER, address(court), 51e6);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NothingAtStake.selector, copy, State.Closing));
        vm.prank(OPENER);
        court.open(Kind.Leak, CopyId.unwrap(copy), LEAK, "");
        vm.prank(BUYER);
        copyRegistry.withdraw(copy);
        vm.assertEq(usd.balanceOf(BUYER), 50e6, "all of it returned");
    }

    /// Two cases about two targets are accepted. The second finds no collateral left and still closes.
    function test_behavior_aSlashNeverRevertsForLackOfCollateral_P21_P24() public {
        CaseId first = _open(LEAK);
        for (uint256 i; i < 9; ++i) {
            _stake(address(uint160(0x9000 + i)));
        }
        CaseId second = _open(keccak256("another"));
        _decide(first, Verdict.Accept, 7);
        _decide(second, Verdict.Accept, 7);
        vm.assertEq(court.owed(OPENER), 50e6 + 8e6 + 100e6, "paid once, bonds returned");
        vm.assertEq(copyRegistry.copies(copy).openDisputes, 0, "both disputes are closed");
    }

    function test_error_NothingAtStake_undelivered() public {
        CopyId ordered = _order(STRANGER, id);
        _fund(OPENER, address(court), 51e6);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NothingAtStake.selector, ordered, State.Ordered));
        vm.prank(OPENER);
        court.open(Kind.Leak, CopyId.unwrap(ordered), LEAK, "");
    }

    function _fingerprinted(address buyer) private returns (CopyId copyId) {
        copyId = _order(buyer, id);
        Delivery memory delivery = _delivery();
        delivery.responsesRoot = Tree.rootOf(responses);
        vm.prank(MINTER);
        copyRegistry.deliver(copyId, delivery);
    }

    function _open(bytes32 target) private returns (CaseId) {
        return _open(OPENER, Kind.Leak, CopyId.unwrap(copy), target);
    }

    function _decide(CaseId caseId, Verdict verdict, uint256 voters) private {
        bool leak = court.cases(caseId).kind == Kind.Leak;
        Vote memory accepting = leak ? Vote(verdict, 20_724, 8e6, SALT) : Vote(verdict, 2, 0, 0);
        _decide(caseId, verdict == Verdict.Reject ? Vote(verdict, 0, 0, 0) : accepting, voters);
    }

    function _openKeys(CaseId caseId, uint8 eighth) internal override {
        if (court.cases(caseId).kind != Kind.Leak) return;
        OpenedKey[] memory opened = new OpenedKey[](2);
        for (uint256 i; i < 2; ++i) {
            uint256 index = uint256(eighth) * 2 + i;
            opened[i] =
                OpenedKey(pool[index], responses[index], Tree.proofOf(pool, index), Tree.proofOf(responses, index));
        }
        Codeword memory codeword = Codeword(Tree.rootOf(pool), Tree.rootOf(responses), uint64(KEYS));
        keys.openKeys(CopyId.wrap(court.cases(caseId).subject), eighth, codeword, opened);
        // Attack: nobody unmakes what was shown, by opening nothing of a codeword of another length
        codeword.count = 8;
        keys.openKeys(CopyId.wrap(court.cases(caseId).subject), eighth, codeword, new OpenedKey[](0));
    }
}
