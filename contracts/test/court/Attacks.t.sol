// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Case, CaseId, ICaseCourt, Kind, Round, Stage, Verdict } from "../../src/interfaces/ICaseCourt.sol";
import { IChallengeCourt } from "../../src/interfaces/IChallengeCourt.sol";
import { Copy } from "../../src/interfaces/ICopyRegistry.sol";
import { IMatter } from "../../src/interfaces/IMatter.sol";
import { IProverRegistry } from "../../src/interfaces/IProverRegistry.sol";
import { Receipt, Receipts } from "../../src/lib/Receipts.sol";
import { BURNED, CopyId } from "../../src/lib/Types.sol";
import { CourtBase } from "../helpers/CourtBase.sol";
import { ServingBase } from "../helpers/ServingBase.sol";

/// @notice Attacks on cases. In each, the attacker ends with no more than it began, and the accused is whole.
///
/// Audit 1, a host framed by evidence that is made to order, cannot arise: the challenge that took it is gone, and in a
/// case nothing that the opener brings decides.
///
/// Paper 3, a stranger that passes jurors' questions on to an honest host, is decided by what jurors attest: answers that
/// stand in a receipt which the accused has reported are struck (`ICaseCourt`). The chain cannot see who answered.
contract CaseAttacksTest is CourtBase {
    address private constant ATTACKER = address(0xBAD);

    /// Attack: at launch three sybils are the panel of every case.
    function test_audit_03_sybilsAreNotAdmitted() public {
        _empty();
        for (uint256 i; i < 3; ++i) {
            address sybil = address(uint160(0xA1 + i));
            _fund(sybil, address(provers), STAKE);
            vm.expectRevert(abi.encodeWithSelector(IProverRegistry.ProverNotAdmitted.selector, sybil));
            vm.prank(sybil);
            provers.stake(STAKE);
        }
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.ElectorateTooSmall.selector, 0, 3));
        vm.prank(ATTACKER);
        court.open(Kind.Leak, SUBJECT, TARGET, "");
        vm.assertEq(uint256(records.disputes()), 0, "nothing is frozen");
    }

    /// Attack: a hundred sybils lock 100,000 and take 200,000. A panel never takes more than two thirds of its stakes, and
    /// its opener gets a bounty, not what is taken.
    /// forge-config: default.fuzz.runs = 12
    function test_audit_03_aPanelTakesNoMoreThanItCanLose(uint96 collateral, uint8 seats) public {
        protocol.endGuardedLaunch();
        for (uint256 i = PROVERS; i < 10 + uint256(seats) % 60; ++i) {
            _stake(_prover(i), STAKE);
        }
        _wait(7 days);
        _setCopy(COPY, collateral);
        CaseId id = _open();
        _draw(id);
        uint256 filled = court.rounds(id, 0).panel.length;
        _vote(id, filled, 0);
        _close(id);
        vm.assertLe(records.claimed() * 3, filled * STAKE * 2, "two thirds of the jurors' stakes");
        vm.assertLe(records.maxBounty(), protocol.bountyCap(), "the bounty is capped");
    }

    /// Attack: five sybils of seven convict an innocent. A larger panel hears the appeal, and they lose five stakes.
    function test_audit_03_anAppealCostsSybilsTheirStakes() public {
        CaseId id = _openBy(ATTACKER, COPY, TARGET);
        _draw(id);
        _vote(id, 5, 2);
        _appeal(id, BUYER);
        _draw(id);
        _vote(id, 0, 9);
        _close(id);
        vm.assertEq(court.owed(ATTACKER), 0, "the attacker lost its bond");
        vm.assertEq(usd.balanceOf(BURNED), 5 * STAKE, "and five stakes");
        vm.assertEq(records.slashes(), 0, "the accused lost nothing");
        vm.assertLe(2 * BOND, court.owed(BUYER), "and has its bond back");
    }

    /// Attack: whoever draws looks at panel after panel, by letting puppets leave first. The panel stays the same.
    /// forge-config: default.fuzz.runs = 32
    function test_audit_04_thePanelCannotBeGround(bytes32 hash, uint8 leaving) public {
        for (uint256 i; i < 30; ++i) {
            _stake(address(uint160(0xA000 + i)), STAKE);
        }
        _wait(8 days);
        for (uint256 i; i < 30; ++i) {
            vm.prank(address(uint160(0xA000 + i)));
            provers.exit();
        }
        _wait(8 days);
        CaseId id = _open();
        _wait(1 days);
        _blocks(3);
        vm.setBlockhash(1002, hash);
        court.record(id);
        for (uint256 i; i < leaving % 30; ++i) {
            provers.withdraw(address(uint160(0xA000 + i)));
        }
        court.draw(id);
        Round memory round = court.rounds(id, 0);
        // those that left leave their seats empty, and nobody else takes them
        address[] memory expected = _expected(round.seed, round.seats);
        uint256 next;
        for (uint256 i; i < expected.length; ++i) {
            bool left = uint160(expected[i]) >= 0xA000 && uint160(expected[i]) < 0xA000 + uint160(leaving % 30);
            if (left) continue;
            vm.assertEq(round.panel[next++], expected[i], "the juror that the hash drew");
        }
        vm.assertEq(round.panel.length, next, "and nobody else");
        vm.assertEq(round.seats, 7, "empty seats count");
    }

    /// Attack: creator, controller or minter opens a case with the codewords that it holds, or judges it.
    function test_audit_10_whoCouldFrameGainsNothing() public {
        address[3] memory framers = [MINTER, CREATOR, CONTROLLER];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IMatter.Excluded.selector, framers[i]));
            vm.prank(framers[i]);
            court.open(Kind.Leak, SUBJECT, TARGET, "");
        }
        _try(7, 0);
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(court.owed(framers[i]), 0, "no part of what is taken");
        }
    }

    /// Attack: a minter's puppet collects bounties on copy after copy. Together they stay below half of the bond with which
    /// the minter answers for its copies.
    /// forge-config: default.fuzz.runs = 12
    function test_paper_12_bountiesStayBelowTheMintersBond(uint64 bond) public {
        bond = bond % 100e6;
        records.setBond(MINTER, bond);
        uint256 gained;
        for (uint256 i; i < 8; ++i) {
            CopyId copyId = CopyId.wrap(i + 1);
            _setCopy(copyId, 50e6);
            CaseId id = _openBy(ATTACKER, copyId, TARGET);
            _draw(id);
            _vote(id, 7, 0);
            _close(id);
            gained = court.owed(ATTACKER) - (i + 1) * BOND;
            vm.assertLe(gained, bond / 2, "below half of the bond");
            vm.assertEq(leaks.bountiesOn(MINTER), gained, "counted");
        }
        _wait(360 days);
        vm.assertEq(leaks.bountiesOn(MINTER), 0, "forgotten after 180 days, or a little longer");
    }

    /// Attack: the accused voids evidence by accusing a puppet with the same keys.
    function test_audit_12_anotherCopysCaseSpendsNothing() public {
        _setCopy(CopyId.wrap(2), 1);
        CaseId id = _openBy(ATTACKER, CopyId.wrap(2), TARGET);
        _draw(id);
        _vote(id, 0, 7);
        _close(id);
        vm.assertEq(keys.left(COPY), 8, "every eighth of the true copy is left");
        vm.assertEq(keys.left(CopyId.wrap(2)), 7, "one of the puppet's is spent");
    }

    /// Attack: a friend of the accused uses up all eighths of its codeword with weak cases. Each costs twice the one before.
    function test_paper_24_weakCasesDoNotUseUpTheCodeword() public {
        uint256 lost;
        for (uint256 i; i < 8; ++i) {
            CaseId id = _openBy(ATTACKER, COPY, bytes32(i + 1));
            lost += court.cases(id).bond;
            _draw(id);
            _vote(id, 0, 7);
            _close(id);
        }
        vm.assertEq(lost, 255 * BOND, "12,750 USDC");
        vm.assertEq(
            lost - court.owed(BUYER), 255 * BOND / 2, "of which half is burned, more than 100 times the collateral"
        );
    }

    /// Attack: collateral frozen for nothing, again and again. Every undecided case costs a fifth of a growing bond.
    function test_audit_13_freezingCosts() public {
        uint256 fees;
        for (uint256 i; i < 4; ++i) {
            CaseId id = _openBy(ATTACKER, COPY, bytes32(i + 1));
            fees += court.cases(id).bond / 5;
            _draw(id);
            _vote(id, 4, 3);
            _close(id);
        }
        vm.assertEq(fees, 15 * BOND / 5, "10 + 20 + 40 + 80 USDC");
        vm.assertEq(court.owed(BURNED), fees, "burned");
        vm.assertEq(court.owed(ATTACKER), 15 * BOND - fees, "and not returned");
    }

    /// Attack: jurors leave or stay silent, so that an appeal is not heard and its bond is lost.
    function test_audit_14_anUnheardAppealCostsNoBond() public {
        CaseId id = _openBy(ATTACKER, COPY, TARGET);
        _draw(id);
        _vote(id, 5, 2);
        _appeal(id, BUYER);
        _draw(id);
        _vote(id, 0, 0);
        _close(id);
        vm.assertEq(court.owed(BUYER), 2 * BOND, "the appellant's bond");
        vm.assertEq(court.owed(ATTACKER), BOND * 4 / 5, "the opener pays the fee");
        vm.assertEq(records.slashes(), 0, "and nobody is convicted");
    }

    /// Attack: a case that is lost discloses keys that stay valid. What a panel opened is spent, whatever the outcome.
    function test_paper_04_whatWasOpenedIsSpent() public {
        CaseId id = _try(0, 7);
        uint8 first = court.rounds(id, 0).eighth;
        vm.assertTrue(keys.spent(COPY, first), "spent by a rejected case");
        CaseId next = _open();
        _draw(next);
        vm.assertTrue(court.rounds(next, 0).eighth != first, "another eighth is tested");
    }

    /// Attack: puppets fill a cap on open cases. There is none, and a case about one copy stands in nobody's way.
    function test_paper_09_openCasesHaveNoCap() public {
        for (uint256 i = 2; i < 40; ++i) {
            _setCopy(CopyId.wrap(i), 1);
            _openBy(ATTACKER, CopyId.wrap(i), TARGET);
        }
        vm.assertEq(court.cases(_open()).bond, BOND, "opened at its own price");
    }

    /// Attack: a friend's weak case holds the slot. Others join it with evidence of their own, and a lost case can be
    /// opened again.
    function test_paper_10_aWeakCaseHoldsNothing() public {
        CaseId id = _openBy(ATTACKER, COPY, TARGET);
        _fund(STRANGER, address(court), BOND);
        vm.prank(STRANGER);
        court.join(id, "the real evidence");
        _draw(id);
        _vote(id, 7, 0);
        _close(id);
        vm.assertEq(records.slashes(), 1, "convicted");
        vm.assertLe(BOND, court.owed(STRANGER), "who joined has its bond and its part");
    }

    /// Attack: a council that convicts. It annuls convictions and can do nothing else.
    function test_paper_11_theCouncilConvictsNobody() public {
        CaseId id = _open();
        _draw(id);
        _vote(id, 0, 7);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.RulingFinal.selector, id));
        vm.prank(COUNCIL);
        court.annul(id);
        _close(id);
        vm.expectRevert(abi.encodeWithSelector(ICaseCourt.WrongStage.selector, id, Stage.Closed, Stage.Ruled));
        vm.prank(COUNCIL);
        court.annul(id);
        vm.assertEq(records.slashes(), 0, "nobody is convicted");
    }

    /// Attack: fees and penalties come back through a prover of one's own. They are burned.
    function test_paper_15_feesDoNotComeBack() public {
        uint256 before = usd.balanceOf(address(provers));
        CaseId id = _openBy(_prover(0), COPY, TARGET);
        _draw(id);
        _vote(id, 0, 3);
        _close(id);
        vm.assertEq(court.owed(BURNED), BOND / 5, "the opener's fee");
        vm.assertEq(usd.balanceOf(BURNED), 4 * PENALTY, "the penalties");
        vm.assertEq(provers.pool(), 0, "the pool gets nothing");
        vm.assertEq(before - usd.balanceOf(address(provers)), 4 * PENALTY, "stakes are all that is left");
    }

    /// @dev What `ProverRegistry.draw` draws, computed from what was fixed at the opening.
    function _expected(bytes32 seed, uint256 seats) private view returns (address[] memory drawn) {
        drawn = new address[](seats);
        uint256 count;
        for (uint256 i; count < seats; ++i) {
            address prover = provers.places(uint256(keccak256(abi.encode(seed, i))) % 40).prover;
            bool again;
            for (uint256 j; j < count; ++j) {
                if (drawn[j] == prover) again = true;
            }
            if (!again) drawn[count++] = prover;
        }
    }

    /// @dev The state of a launch: no provers.
    function _empty() private {
        for (uint256 i; i < PROVERS; ++i) {
            vm.prank(_prover(i));
            provers.exit();
        }
        _wait(9 days);
        for (uint256 i; i < PROVERS; ++i) {
            provers.withdraw(_prover(i));
        }
    }
}

/// @notice Attacks on challenges. The attacker ends with no more than it began, and reporters get what is theirs.
contract ChallengeAttacksTest is ServingBase {
    using Receipts for Receipt;

    /// Attack: the offender copies the challenge out of the mempool and is its own reporter.
    function test_audit_11_aCopiedChallengeIsWorthNothing() public {
        Receipt memory receipt = _receipt(0);
        bytes memory signature = _sign(receipt);
        bytes32 commitment = court.commitmentOf(CHALLENGER, receipt.hash(), SALT);
        _afterGrace();
        // it copies the commitment, which counts for the challenger only
        _bond(BUYER);
        vm.prank(BUYER);
        court.commit(commitment);
        _bond(CHALLENGER);
        vm.prank(CHALLENGER);
        court.commit(commitment);
        _blocks(2);
        bytes32 own = court.commitmentOf(BUYER, receipt.hash(), SALT);
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.CommitmentUnknown.selector, BUYER, own));
        vm.prank(BUYER);
        court.unreported(receipt, signature, _emptyReport(), SALT);
        // it commits to the evidence that it sees now, and reveals it first
        vm.warp(block.timestamp + 1 minutes);
        _commitTo(BUYER, receipt.hash());
        vm.prank(BUYER);
        court.unreported(receipt, signature, _emptyReport(), SALT);
        vm.prank(CHALLENGER);
        court.unreported(receipt, signature, _emptyReport(), SALT);
        vm.warp(block.timestamp + 1 hours);
        court.payBounty(copyId);
        vm.assertEq(treasury.credit(CHALLENGER), 20e6, "the earliest has the bounty");
        vm.assertEq(treasury.credit(BUYER), 0, "the offender has nothing");
        court.expire(BUYER, commitment);
        vm.assertEq(treasury.credit(BURNED), 30e6 + CHALLENGE_BOND, "and lost the bond of what it copied");
    }

    /// Attack: the offender keeps a commitment standing, and is its own reporter at any time. It loses at least three
    /// fifths of the collateral, and a bond an hour while it waits.
    function test_paper_13_aStandingCommitmentCosts() public {
        Receipt memory own = _receipt(1);
        Receipt memory receipt = _receipt(0);
        bytes memory signature = _sign(own);
        _afterGrace();
        uint256 spent;
        for (uint256 i; i < 24; ++i) {
            _commitTo(BUYER, own.hash());
            vm.warp(block.timestamp + 1 hours + 1);
            bytes32 commitment = court.commitmentOf(BUYER, own.hash(), SALT);
            vm.expectRevert(
                abi.encodeWithSelector(IChallengeCourt.RevealLate.selector, block.timestamp, block.timestamp - 1)
            );
            vm.prank(BUYER);
            court.unreported(own, signature, _emptyReport(), SALT);
            court.expire(BUYER, commitment);
            spent += CHALLENGE_BOND;
        }
        vm.assertEq(treasury.credit(BURNED), spent, "240 USDC a day");
        _commitTo(BUYER, own.hash());
        vm.warp(block.timestamp + 1 minutes);
        _unreported(CHALLENGER, receipt, _emptyReport());
        vm.prank(BUYER);
        court.unreported(own, signature, _emptyReport(), SALT);
        vm.warp(block.timestamp + 1 hours);
        vm.assertEq(court.payBounty(copyId), 20e6, "even where it is first");
        vm.assertEq(treasury.credit(BUYER), 20e6, "it gets back two fifths of what it lost");
    }
}

contract CommitTest is ServingBase {
    using Receipts for Receipt;

    Receipt private receipt;
    bytes private signature;
    bytes32 private commitment;

    function setUp() public override {
        super.setUp();
        receipt = _receipt(0);
        signature = _sign(receipt);
        commitment = court.commitmentOf(CHALLENGER, receipt.hash(), SALT);
        _afterGrace();
        _bond(CHALLENGER);
        vm.prank(CHALLENGER);
        court.commit(commitment);
    }

    function test_error_ProtocolPaused() public {
        vm.prank(GUARDIAN);
        protocol.pause();
        (bool done,) = address(court).call(abi.encodeCall(court.commit, (SALT)));
        vm.assertFalse(done, "no new business");
        _blocks(2);
        vm.warp(block.timestamp + 3 days);
        vm.prank(CHALLENGER);
        vm.assertEq(
            court.unreported(receipt, signature, _emptyReport(), SALT), 50e6, "a commitment waits with the clock"
        );
    }

    function test_error_CommitmentTaken() public {
        _bond(CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.CommitmentTaken.selector, commitment));
        vm.prank(CHALLENGER);
        court.commit(commitment);
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.CommitmentTaken.selector, bytes32(0)));
        vm.prank(CHALLENGER);
        court.commit(0);
    }

    function test_error_bond_P30() public {
        vm.prank(STRANGER);
        (bool done,) = address(court).call(abi.encodeCall(court.commit, (SALT)));
        vm.assertFalse(done, "a commitment needs a bond");
    }

    function test_error_CommitmentUnknown(bytes32 salt) public {
        vm.assume(salt != SALT);
        _blocks(2);
        bytes32 other = court.commitmentOf(CHALLENGER, receipt.hash(), salt);
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.CommitmentUnknown.selector, CHALLENGER, other));
        vm.prank(CHALLENGER);
        court.unreported(receipt, signature, _emptyReport(), salt);
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.CommitmentUnknown.selector, STRANGER, commitment));
        court.expire(STRANGER, commitment);
    }

    function test_error_RevealEarly() public {
        _blocks(1);
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.RevealEarly.selector, 2, 3));
        vm.prank(CHALLENGER);
        court.unreported(receipt, signature, _emptyReport(), SALT);
    }

    /// Within the hour it is revealed, afterwards its bond burns: never both.
    function test_default_theHour(uint32 later) public {
        later = later % 2 hours;
        uint64 made = uint64(block.timestamp);
        _blocks(2);
        vm.warp(made + later);
        bool late = later > 1 hours;
        if (late) {
            vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.RevealLate.selector, made + later, made + 1 hours));
            vm.prank(CHALLENGER);
            court.unreported(receipt, signature, _emptyReport(), SALT);
            court.expire(CHALLENGER, commitment);
            vm.assertEq(treasury.credit(BURNED), CHALLENGE_BOND, "burned");
        } else {
            vm.expectRevert(
                abi.encodeWithSelector(IChallengeCourt.RevealPending.selector, made + later, made + 1 hours)
            );
            court.expire(CHALLENGER, commitment);
            vm.prank(CHALLENGER);
            court.unreported(receipt, signature, _emptyReport(), SALT);
            vm.assertEq(usd.balanceOf(CHALLENGER), CHALLENGE_BOND, "returned");
        }
        vm.assertEq(court.commitments(CHALLENGER, commitment).committedAt, 0, "gone");
    }

    /// The bounty waits until every earlier commitment has expired.
    function test_error_BountyWaits() public {
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.BountyWaits.selector, copyId, block.timestamp, 0));
        court.payBounty(copyId);
        _blocks(2);
        vm.prank(CHALLENGER);
        court.unreported(receipt, signature, _emptyReport(), SALT);
        uint64 payable_ = uint64(block.timestamp + 1 hours);
        vm.warp(payable_ - 1);
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.BountyWaits.selector, copyId, payable_ - 1, payable_));
        court.payBounty(copyId);
        vm.warp(payable_);
        vm.assertEq(court.payBounty(copyId), 20e6, "paid");
    }

    /// The bond is that of the commitment's epoch, whatever the parameter is when it is revealed.
    function test_behavior_theBondIsFixed() public {
        _blocks(2);
        vm.warp((uint256(epoch) + 3) * DAY - 10);
        bytes32 other = court.commitmentOf(CHALLENGER, receipt.hash(), bytes32(uint256(1)));
        _bond(CHALLENGER);
        vm.prank(CHALLENGER);
        court.commit(other);
        vm.prank(OWNER);
        (bool done,) = address(protocol).call(abi.encodeWithSignature("set(uint8,uint64)", 6, 20e6));
        vm.assertTrue(done, "raised");
        _blocks(2);
        vm.warp(block.timestamp + 20);
        vm.assertEq(protocol.challengeBond(), 20e6, "a new epoch, a new bond");
        vm.prank(CHALLENGER);
        court.unreported(receipt, signature, _emptyReport(), bytes32(uint256(1)));
        vm.assertEq(usd.balanceOf(CHALLENGER), CHALLENGE_BOND, "what was paid");
    }
}
