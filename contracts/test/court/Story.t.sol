// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CaseCourt } from "../../src/court/CaseCourt.sol";
import { KeyLedger } from "../../src/court/KeyLedger.sol";
import { LeakCases } from "../../src/court/LeakCases.sol";
import { ProverRegistry } from "../../src/court/ProverRegistry.sol";
import { RefusalCases } from "../../src/court/RefusalCases.sol";
import { CaseId, ICaseCourt, Kind, Round, Verdict, Vote } from "../../src/interfaces/ICaseCourt.sol";
import { Copy, Delivery, ICopyRegistry, Reason, State } from "../../src/interfaces/ICopyRegistry.sol";
import { Codeword, OpenedKey } from "../../src/interfaces/IKeyLedger.sol";
import { IMatter } from "../../src/interfaces/IMatter.sol";
import { IUsageLedger } from "../../src/interfaces/IUsageLedger.sol";
import { BURNED, CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";
import { Tree } from "../helpers/Tree.sol";

/// @notice Cases that are decided by the real court with the real collateral.
contract CaseStoryTest is BaseTest {
    address private constant OPENER = address(0x09);
    bytes32 private constant LEAK = keccak256("artifact root of a file found outside");
    bytes32 private constant SALT = keccak256("salt");
    uint256 private constant KEYS = 16;

    ProverRegistry private provers;
    KeyLedger private keys;
    CaseCourt private court;
    ModelId private id;
    CopyId private copy;
    bytes[] private pool;
    bytes[] private responses;
    uint256 private _block = 1000;

    function setUp() public override {
        super.setUp();
        vm.roll(_block);
        for (uint256 i; i < KEYS; ++i) {
            pool.push(abi.encode("key and candidates", i));
            responses.push(abi.encode("response and salt", i));
        }
        for (uint256 i; i < 9; ++i) {
            address prover = address(uint160(0x9000 + i));
            vm.prank(OWNER);
            provers.admit(prover, true);
            _fund(prover, address(provers), 1000e6);
            vm.prank(prover);
            provers.stake(1000e6);
        }
        vm.warp(START + 7 days);
        id = _root();
        vm.prank(CREATOR);
        registry.nameMinter(id, MINTER, true);
        vm.prank(CREATOR);
        registry.commitKeyPool(id, 1, Tree.rootOf(pool));
        copy = _fingerprinted(BUYER);
        vm.prank(BUYER);
        copyRegistry.accept(copy);
    }

    function _courts() internal override returns (address[] memory courts) {
        uint256 nonce = vm.getNonce(address(this));
        address courtAt = vm.computeCreateAddress(address(this), nonce + 4);
        provers = new ProverRegistry(usd, protocol, ledger, courtAt);
        keys = new KeyLedger(copyRegistry, vm.computeCreateAddress(address(this), nonce + 2));
        LeakCases leaks = new LeakCases(usd, protocol, copyRegistry, registry, minterRegistry, keys, courtAt);
        RefusalCases refusals = new RefusalCases(protocol, copyRegistry, registry, courtAt);
        court = new CaseCourt(usd, protocol, provers, [IMatter(leaks), refusals]);
        courts = new address[](3);
        (courts[0], courts[1], courts[2]) = (address(leaks), address(refusals), COURT);
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
            _fund(address(uint160(0x9000 + i)), address(provers), 1000e6);
            vm.prank(address(uint160(0x9000 + i)));
            provers.stake(1000e6);
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
        (uint64 bond, uint64 recordFee) = court.bondOf(Kind.Leak, CopyId.unwrap(copy));
        _fund(OPENER, address(court), bond + recordFee);
        vm.prank(OPENER);
        return court.open(Kind.Leak, CopyId.unwrap(copy), target, "where it was found");
    }

    function _decide(CaseId caseId, Verdict verdict, uint256 voters) private {
        vm.roll(_block += 3);
        court.draw(caseId);
        bool leak = court.cases(caseId).kind == Kind.Leak;
        Vote memory vote = verdict == Verdict.Reject
            ? Vote(verdict, 0, 0, 0)
            : leak ? Vote(verdict, 20_724, 8e6, SALT) : Vote(verdict, 2, 0, 0);
        Round memory round = court.rounds(caseId, 0);
        for (uint256 i; i < voters; ++i) {
            bytes32 commitment = court.voteHash(caseId, 0, round.panel[i], vote, SALT);
            vm.prank(round.panel[i]);
            court.commitVote(caseId, i, commitment);
        }
        _waitFor(round.commitUntil);
        for (uint256 i; i < voters; ++i) {
            vm.prank(round.panel[i]);
            court.revealVote(caseId, i, vote, SALT);
        }
        if (leak) _openKeys(caseId, round.eighth);
        _waitFor(round.revealUntil);
        court.rule(caseId);
        _waitFor(court.cases(caseId).closesAfter);
        court.close(caseId);
    }

    function _openKeys(CaseId caseId, uint8 eighth) private {
        OpenedKey[] memory opened = new OpenedKey[](2);
        for (uint256 i; i < 2; ++i) {
            uint256 index = uint256(eighth) * 2 + i;
            opened[i] =
                OpenedKey(pool[index], responses[index], Tree.proofOf(pool, index), Tree.proofOf(responses, index));
        }
        keys.openKeys(
            CopyId.wrap(court.cases(caseId).subject),
            eighth,
            Codeword(Tree.rootOf(pool), Tree.rootOf(responses), uint64(KEYS)),
            opened
        );
    }

    function _waitFor(uint64 until) private {
        if (until >= protocol.time()) vm.warp(block.timestamp + (until + 1 - protocol.time()));
    }
}
