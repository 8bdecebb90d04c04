// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Case, CaseId, ICaseCourt, Kind, Round, Stage, Verdict, Vote } from "../../src/interfaces/ICaseCourt.sol";
import { IMatter } from "../../src/interfaces/IMatter.sol";
import { ParentRef } from "../../src/interfaces/IModelRegistry.sol";
import { IOrigins } from "../../src/interfaces/IOrigins.sol";
import { Descent, IParentCases, PooledKey } from "../../src/interfaces/IParentCases.sol";
import { BURNED, ModelId } from "../../src/lib/Types.sol";
import { JudgedBase } from "../helpers/JudgedBase.sol";
import { Tree } from "../helpers/Tree.sol";

/// @notice A parent whose key pool is older than the child that hides it, and the court with its stakes.
abstract contract ParentsBase is JudgedBase {
    uint64 internal constant CASE_BOND = 50e6;
    /// @dev The cost of finding that jurors find proven.
    uint64 internal constant COST = 30e6;

    ModelId internal parent;
    ModelId internal child;

    function setUp() public virtual override {
        super.setUp();
        parent = _pooled(CREATOR, 1000);
        vm.warp(block.timestamp + 1 days);
        child = _register(DERIVER, _terms(), _refs());
        vm.warp(block.timestamp + 1 days);
    }

    /// @dev A model without parents whose key pool is committed to.
    function _pooled(address creator, uint16 royaltyBps) internal returns (ModelId id) {
        id = _register(creator, _termsWith(royaltyBps, DERIVE | FREE_TO_DERIVE), _refs());
        vm.prank(creator);
        registry.commitKeyPool(id, 1, Tree.rootOf(pool));
    }

    function _target(ModelId ancestor) internal view returns (bytes32) {
        return _target(ancestor, _modelId(0));
    }

    function _target(ModelId ancestor, ModelId displaced) internal view returns (bytes32) {
        return parentCases.targetOf(Descent(1, ancestor, 1, displaced));
    }

    function _accuse(address opener, ModelId id, ModelId ancestor) internal returns (CaseId) {
        return _open(opener, Kind.Parent, ModelId.unwrap(id), _target(ancestor));
    }

    function _uphold(CaseId id) internal {
        _decide(id, _accepting(id), 7);
    }

    function _reject(CaseId id) internal {
        _decide(id, Vote(Verdict.Reject, 0, 0, 0), 7);
    }

    function _accepting(CaseId id) internal view returns (Vote memory) {
        return Vote(Verdict.Accept, uint32(court.cases(id).threshold), COST, SALT);
    }

    function _openKeys(CaseId id, uint8 eighth) internal override {
        Descent memory descent = parentCases.descentOf(court.cases(id).target);
        parentCases.openKeys(descent.ancestor, descent.ancestorVersion, eighth, uint64(KEYS), _keysOf(eighth));
        // Attack: nobody unmakes what was shown, by opening nothing of a pool of another length
        parentCases.openKeys(descent.ancestor, descent.ancestorVersion, eighth, 8, new PooledKey[](0));
    }

    function _keysOf(uint8 eighth) internal view returns (PooledKey[] memory opened) {
        opened = new PooledKey[](KEYS / 8);
        for (uint256 i; i < opened.length; ++i) {
            uint256 index = uint256(eighth) * KEYS / 8 + i;
            opened[i] = PooledKey(pool[index], Tree.proofOf(pool, index));
        }
    }

    function _expectRefusal(ModelId id, ModelId ancestor, bytes memory reason) internal {
        bytes32 target = _target(ancestor);
        _fund(OPENER, address(court), CASE_BOND + 1e6);
        vm.expectRevert(reason);
        vm.prank(OPENER);
        court.open(Kind.Parent, ModelId.unwrap(id), target, "");
    }

    function _isEntered(ModelId id, ModelId ancestor) internal view returns (bool) {
        for (uint256 i; i < treasury.entered(id).length; ++i) {
            if (treasury.entered(id)[i].id == ancestor) return true;
        }
        return false;
    }
}

contract OpenParentCaseTest is ParentsBase {
    function test_error_NotCourt() public {
        vm.expectRevert(abi.encodeWithSelector(IMatter.NotCourt.selector, OPENER, court));
        vm.prank(OPENER);
        parentCases.open(1, 0, OPENER);
    }

    function test_error_NotEarlier() public {
        bytes memory reason = abi.encodeWithSelector(IParentCases.NotEarlier.selector, child, parent);
        _expectRefusal(parent, child, reason);
        _expectRefusal(child, child, abi.encodeWithSelector(IParentCases.NotEarlier.selector, child, child));
    }

    /// Who owns the bond, made the child or decides for it can neither open nor join.
    function test_error_Excluded() public {
        bytes32 target = _target(parent);
        vm.expectRevert(abi.encodeWithSelector(IMatter.Excluded.selector, DERIVER));
        vm.prank(DERIVER);
        court.open(Kind.Parent, ModelId.unwrap(child), target, "");
        CaseId id = _accuse(OPENER, child, parent);
        vm.expectRevert(abi.encodeWithSelector(IMatter.Excluded.selector, DERIVER));
        vm.prank(DERIVER);
        court.join(id, "");
    }

    function test_error_KeyPoolNotEarlier() public {
        bytes32 target = parentCases.targetOf(Descent(1, parent, 2, _modelId(0)));
        uint64 since = origins.bonds(child, 1).since;
        vm.expectRevert(abi.encodeWithSelector(IParentCases.KeyPoolNotEarlier.selector, parent, 2, 0, since));
        vm.prank(OPENER);
        court.open(Kind.Parent, ModelId.unwrap(child), target, "");
    }

    /// A pool of the same second is not earlier.
    function test_error_KeyPoolNotEarlier_sameSecond() public {
        ModelId one = _pooled(CREATOR, 1000);
        ModelId other = _register(DERIVER, _terms(), _refs());
        uint64 now_ = protocol.time();
        _expectRefusal(other, one, abi.encodeWithSelector(IParentCases.KeyPoolNotEarlier.selector, one, 1, now_, now_));
    }

    /// A parent that is named is not undeclared.
    function test_error_AncestorKnown() public {
        ModelId named = _register(DERIVER, _termsWith(0, DERIVE), _refs(parent));
        vm.warp(block.timestamp + 1);
        _expectRefusal(named, parent, abi.encodeWithSelector(IOrigins.AncestorKnown.selector, parent, named));
    }

    /// Nor is one that asked nothing when it was named, whatever it asks later.
    function test_error_AncestorKnown_askedNothing() public {
        ModelId free = _pooled(CREATOR, 0);
        vm.warp(block.timestamp + 1);
        ModelId named = _register(DERIVER, _termsWith(0, DERIVE), _refs(free));
        vm.prank(CREATOR);
        registry.setTerms(free, _termsWith(5000, DERIVE | FREE_TO_DERIVE));
        vm.warp(block.timestamp + 1);
        _expectRefusal(named, free, abi.encodeWithSelector(IOrigins.AncestorKnown.selector, free, named));
    }

    /// No case opens after the bond's release. One that opened before freezes it.
    function test_error_BondReleased() public {
        ModelId other = _pooled(HOLDER, 1000);
        vm.warp(block.timestamp + 1);
        child = _register(DERIVER, _terms(), _refs());
        uint64 until = origins.bonds(child, 1).until;
        vm.warp(until - 1);
        CaseId id = _accuse(OPENER, child, parent);
        vm.warp(until);
        bytes memory reason = abi.encodeWithSelector(IOrigins.BondReleased.selector, child, 1, until, until);
        _expectRefusal(child, other, reason);
        vm.expectRevert(abi.encodeWithSelector(IOrigins.BondLocked.selector, until, until, 1));
        origins.claim(child, 1);
        _uphold(id);
        vm.assertEq(origins.claim(child, 1), 0, "it was taken");
        vm.assertTrue(_isEntered(child, parent), "entered");
    }

    function test_default() public {
        CaseId id = _accuse(OPENER, child, parent);
        Case memory trial = court.cases(id);
        vm.assertEq(trial.accused, DERIVER, "who put up the bond");
        vm.assertEq(trial.amount, ORIGIN_BOND, "at stake");
        vm.assertEq(trial.bond, CASE_BOND, "the case's bond");
        vm.assertEq(trial.threshold, 20_724 + 694, "ln(10^9 x 2 models)");
        vm.assertEq(origins.bonds(child, 1).openCases, 1, "frozen");
        vm.assertEq(court.rounds(id, 0).seats, 7, "the smallest panel");
    }

    /// Whatever the numbers, a target says what it was made of.
    function test_default_target(uint32 version, uint64 ancestor, uint32 ancestorVersion, uint64 displaced)
        public
        view
    {
        Descent memory made = Descent(version, _modelId(ancestor), ancestorVersion, _modelId(displaced));
        Descent memory read = parentCases.descentOf(parentCases.targetOf(made));
        vm.assertEq(keccak256(abi.encode(read)), keccak256(abi.encode(made)), "the same");
    }
}

contract DecideParentCaseTest is ParentsBase {
    /// Upheld: the bond is lost, the opener has its bond and what finding cost, and the ancestor earns from then on.
    function test_story_aChildHidesItsParentAndIsFound() public {
        _pay(child, 100e6);
        CaseId id = _accuse(OPENER, child, parent);
        _uphold(id);
        vm.assertEq(uint256(court.cases(id).verdict), uint256(Verdict.Accept), "upheld");
        vm.assertEq(origins.bonds(child, 1).amount, 0, "the bond is lost");
        vm.assertEq(court.claim(OPENER), CASE_BOND + COST, "bond and bounty");
        vm.assertEq(treasury.credit(BURNED), ORIGIN_BOND - COST, "the rest is burned");
        vm.assertEq(treasury.earned(parent), 0, "nothing of what was paid before");
        _pay(child, 100e6);
        vm.assertEq(treasury.earned(parent), 9e6, "its royalty, from now on");
        _accrue();
        vm.assertEq(treasury.claim(parent, CREATOR), 9e6, "which can be claimed");
        vm.assertEq(usd.balanceOf(address(court)), court.owed(address(this)), "the recorder's fee is left");
        vm.assertEq(usd.balanceOf(address(parentCases)), 0, "the bounty was passed on");
        vm.assertEq(usd.balanceOf(address(origins)), ORIGIN_BOND, "the parent's own bond is left");
    }

    /// Rejected: the opener's bond is lost, half of it to the accused, and nothing is entered.
    function test_default_rejected() public {
        _reject(_accuse(OPENER, child, parent));
        vm.assertEq(court.owed(DERIVER), CASE_BOND / 2, "half to the accused");
        vm.assertEq(court.owed(OPENER), 0, "nothing to the opener");
        vm.assertEq(treasury.entered(child).length, 0, "nobody is entered");
        vm.warp(origins.bonds(child, 1).until);
        vm.assertEq(origins.claim(child, 1), ORIGIN_BOND, "the bond returns");
    }

    function test_default_draw() public {
        CaseId id = _accuse(OPENER, child, parent);
        _decide(id, _accepting(id), 4);
        vm.assertEq(court.owed(OPENER), CASE_BOND * 4 / 5, "a fifth is the price");
        vm.assertEq(origins.bonds(child, 1).amount, ORIGIN_BOND, "the bond stays");
        vm.assertEq(treasury.entered(child).length, 0, "nobody is entered");
        vm.assertEq(origins.bonds(child, 1).openCases, 0, "free");
    }

    /// Without all keys of the drawn eighth nobody is convicted: agreeing weights alone never suffice.
    function test_behavior_keysMustBeShown() public {
        CaseId id = _accuse(OPENER, child, parent);
        _draw(id);
        Round memory round = court.rounds(id, 0);
        Vote memory vote = _accepting(id);
        for (uint256 i; i < 7; ++i) {
            bytes32 commitment = court.voteHash(id, 0, round.panel[i], vote, SALT);
            vm.prank(round.panel[i]);
            court.commitVote(id, i, commitment);
        }
        _waitFor(round.commitUntil);
        for (uint256 i; i < 7; ++i) {
            vm.prank(round.panel[i]);
            court.revealVote(id, i, vote, SALT);
        }
        PooledKey[] memory all = _keysOf(round.eighth);
        PooledKey[] memory one = new PooledKey[](1);
        one[0] = all[0];
        parentCases.openKeys(parent, 1, round.eighth, uint64(KEYS), one);
        (uint32 opened, uint32 of_) = parentCases.progress(parent, 1, round.eighth);
        vm.assertTrue(opened == 1 && of_ == 2, "one of two");
        _waitFor(round.revealUntil);
        court.rule(id);
        vm.assertEq(uint256(court.cases(id).verdict), uint256(Verdict.Draw), "not decided");
    }

    /// Only keys of the committed pool, at their places, can be opened.
    function test_error_PooledKeyInvalid(uint64 count) public {
        PooledKey[] memory opened = _keysOf(0);
        (opened[0], opened[1]) = (opened[1], opened[0]);
        vm.expectRevert(abi.encodeWithSelector(IParentCases.PooledKeyInvalid.selector, parent, 0));
        parentCases.openKeys(parent, 1, 0, uint64(KEYS), opened);
        opened = _keysOf(0);
        opened[1].pooled = "made for this child";
        vm.expectRevert(abi.encodeWithSelector(IParentCases.PooledKeyInvalid.selector, parent, 1));
        parentCases.openKeys(parent, 1, 0, uint64(KEYS), opened);
        vm.assume(count != KEYS && count > 8);
        opened = _keysOf(0);
        vm.expectRevert(abi.encodeWithSelector(IParentCases.PooledKeyInvalid.selector, parent, 0));
        parentCases.openKeys(parent, 1, 0, count, opened);
    }

    /// The accused appeals, and the larger panel decides otherwise.
    function test_behavior_appealed() public {
        CaseId id = _accuse(OPENER, child, parent);
        _draw(id);
        _vote(id, _accepting(id), 7);
        _fund(DERIVER, address(court), 2 * CASE_BOND + 1e6);
        vm.prank(DERIVER);
        court.appeal(id);
        _draw(id);
        _vote(id, Vote(Verdict.Reject, 0, 0, 0), 9);
        _close(id);
        vm.assertEq(court.owed(DERIVER), 2 * CASE_BOND + CASE_BOND / 2, "its bond, and half of the opener's");
        vm.assertEq(treasury.entered(child).length, 0, "nobody is entered");
        vm.assertEq(origins.bonds(child, 1).amount, ORIGIN_BOND, "nothing is taken");
    }

    /// An annulled conviction leaves the child whole.
    function test_behavior_annulled() public {
        CaseId id = _accuse(OPENER, child, parent);
        _draw(id);
        _vote(id, _accepting(id), 7);
        vm.prank(COUNCIL);
        court.annul(id);
        court.close(id);
        vm.assertEq(treasury.entered(child).length, 0, "nobody is entered");
        vm.assertEq(origins.bonds(child, 1).amount, ORIGIN_BOND, "nothing is taken");
    }

    /// The parent's makers bring the case and do not judge it.
    /// forge-config: default.fuzz.runs = 32
    function test_behavior_whoIsInterestedDoesNotJudge(bytes32 hash) public {
        vm.prank(OWNER);
        provers.admit(CREATOR, true);
        _stake(CREATOR);
        vm.warp(block.timestamp + 7 days);
        CaseId id = _accuse(OPENER, child, parent);
        vm.assertEq(court.cases(id).interested[0], CREATOR, "may open and join, may not judge");
        vm.roll(block.number + 3);
        vm.setBlockhash(block.number - 1, hash);
        court.draw(id);
        address[] memory panel = court.rounds(id, 0).panel;
        for (uint256 j; j < panel.length; ++j) {
            vm.assertTrue(panel[j] != CREATOR, "not on the panel");
        }
    }

    /// A child with two hidden parents: the second is entered too, though the bond is lost.
    function test_behavior_twoHiddenParents() public {
        ModelId one = _pooled(CREATOR, 1000);
        ModelId two = _pooled(HOLDER, 2000);
        vm.warp(block.timestamp + 1);
        ModelId hiding = _register(DERIVER, _terms(), _refs());
        vm.warp(block.timestamp + 1);
        CaseId first = _accuse(OPENER, hiding, one);
        _uphold(first);
        CaseId second = _accuse(OPENER, hiding, two);
        vm.assertEq(court.cases(second).amount, 0, "nothing is left to take");
        _uphold(second);
        vm.assertTrue(_isEntered(hiding, one) && _isEntered(hiding, two), "both earn");
        vm.assertEq(court.owed(OPENER), 2 * CASE_BOND + COST, "bonds, and one bounty");
    }

    /// Two cases about one parent: the second finds it entered, takes nothing more and closes.
    function test_behavior_twoCasesAboutOneParent() public {
        CaseId first = _accuse(OPENER, child, parent);
        CaseId second = _open(HOLDER, Kind.Parent, ModelId.unwrap(child), _target(parent, parent));
        for (uint256 i; i < 9; ++i) {
            _stake(address(uint160(0x9000 + i)));
        }
        _draw(first);
        _draw(second);
        _vote(first, _accepting(first), 7);
        _close(first);
        _close2(second);
        vm.assertEq(treasury.entered(child).length, 1, "entered once");
        vm.assertEq(origins.bonds(child, 1).openCases, 0, "both are closed");
    }

    /// @dev Nobody voted in time: the case ends undecided.
    function _close2(CaseId id) private {
        court.rule(id);
        _close(id);
        vm.assertEq(uint256(court.cases(id).stage), uint256(Stage.Closed), "closed");
    }
}

/// @notice Attacks on origins. In each, the attacker ends with no more than it began.
contract ParentAttacksTest is ParentsBase {
    address private constant SQUATTER = address(0x5047);

    /// Attack: a squatter registers public weights as everybody's parent. Only what was registered earlier can be entered, by
    /// keys that are older than the version.
    function test_paper_05_aSquatterIsNotEarlier() public {
        ModelId squatted = _pooled(SQUATTER, 5000);
        _expectRefusal(child, squatted, abi.encodeWithSelector(IParentCases.NotEarlier.selector, squatted, child));
        // nor by a later version of the child, whose weights answer what its first version answers
        vm.warp(block.timestamp + 1 days);
        vm.prank(DERIVER);
        registry.addVersion(child, MANIFEST_ROOT, URI);
        bytes32 target = parentCases.targetOf(Descent(2, squatted, 1, _modelId(0)));
        vm.expectRevert(abi.encodeWithSelector(IParentCases.NotEarlier.selector, squatted, child));
        vm.prank(OPENER);
        court.open(Kind.Parent, ModelId.unwrap(child), target, "");
    }

    /// Attack: the squatter registers early, and makes its keys for weights that it has seen, as another version or the first.
    function test_paper_05_keysAreNotMadeForWhatWasSeen() public {
        ModelId squatted = _register(SQUATTER, _termsWith(5000, DERIVE), _refs());
        vm.warp(block.timestamp + 1);
        ModelId published = _register(DERIVER, _terms(), _refs());
        uint64 publishedAt = protocol.time();
        vm.warp(block.timestamp + 1);
        vm.prank(SQUATTER);
        registry.commitKeyPool(squatted, 1, Tree.rootOf(pool));
        bytes memory reason = abi.encodeWithSelector(
            IParentCases.KeyPoolNotEarlier.selector, squatted, 1, publishedAt + 1, publishedAt
        );
        _expectRefusal(published, squatted, reason);
    }

    /// Attack: the squatter's keys are old, and what the public weights answer anyway. Jurors find no evidence, and its bond
    /// is lost.
    function test_paper_05_whatWasPublicIsNotTaxed() public {
        ModelId squatted = _pooled(SQUATTER, 5000);
        vm.warp(block.timestamp + 1);
        ModelId published = _register(DERIVER, _terms(), _refs());
        vm.warp(block.timestamp + 1);
        uint256 paid = CASE_BOND + 1e6;
        _reject(_accuse(SQUATTER, published, squatted));
        vm.assertEq(court.claim(SQUATTER), 0, "its bond is lost");
        vm.assertEq(usd.balanceOf(SQUATTER), 0, "of what it paid");
        vm.assertEq(court.owed(DERIVER) + court.owed(BURNED) + court.owed(address(this)), paid, "to others");
        _pay(published, 100e6);
        vm.assertEq(treasury.earned(squatted), 0, "and it earns nothing");
    }

    /// Attack: a vote to accept without the evidence that 10⁹ × models asks for.
    function test_paper_05_theThresholdGrowsWithTheModels() public {
        for (uint256 i; i < 6; ++i) {
            _register(SQUATTER, _terms(), _refs());
        }
        CaseId id = _accuse(OPENER, child, parent);
        vm.assertEq(court.cases(id).threshold, 20_724 + 3 * 694, "ln(10^9 x 8)");
        _draw(id);
        Vote memory weak = Vote(Verdict.Accept, 20_724, 0, SALT);
        address juror = court.rounds(id, 0).panel[0];
        bytes32 commitment = court.voteHash(id, 0, juror, weak, SALT);
        vm.prank(juror);
        court.commitVote(id, 0, commitment);
        _waitFor(court.rounds(id, 0).commitUntil);
        vm.expectRevert(
            abi.encodeWithSelector(ICaseCourt.VoteInvalid.selector, Verdict.Accept, 20_724, 20_724 + 3 * 694)
        );
        vm.prank(juror);
        court.revealVote(id, 0, weak, SALT);
    }

    /// Attack: a child names its own puppets as parents until 50 % are owed, so that its true parent finds no room. Entered
    /// ancestors stand outside, and are paid from what is left.
    function test_paper_06_puppetsInTheLineageKeepNobodyOut() public {
        ParentRef[] memory refs = new ParentRef[](8);
        for (uint256 i; i < 8; ++i) {
            refs[i] = _ref(_register(DERIVER, _termsWith(625, DERIVE | FREE_TO_DERIVE), _refs()));
        }
        ModelId hiding = _register(DERIVER, _termsWith(0, DERIVE), refs);
        vm.warp(block.timestamp + 1);
        _uphold(_accuse(OPENER, hiding, parent));
        _pay(hiding, 100e6);
        vm.assertEq(treasury.earned(parent), 9e6, "10 % all the same");
    }

    /// Attack: the child has four puppets of its own entered first, so that all places are taken. The panel that finds the
    /// true parent finds the puppet too, which leaves.
    function test_paper_06_puppetsInThePlacesKeepNobodyOut() public {
        ModelId[4] memory puppets;
        for (uint256 i; i < 4; ++i) {
            puppets[i] = _pooled(SQUATTER, 5000);
        }
        vm.warp(block.timestamp + 1);
        ModelId hiding = _register(DERIVER, _terms(), _refs());
        vm.warp(block.timestamp + 1);
        uint256 spent = ORIGIN_BOND;
        for (uint256 i; i < 4; ++i) {
            _uphold(_accuse(SQUATTER, hiding, puppets[i]));
        }
        vm.assertEq(court.owed(SQUATTER) - 4 * CASE_BOND, COST, "one bounty");
        vm.assertLe(court.owed(SQUATTER) - 4 * CASE_BOND, spent * 4 / 10, "less than half of the bond that it cost");
        _expectRefusal(hiding, parent, abi.encodeWithSelector(IOrigins.PlacesTaken.selector, hiding, 4));
        CaseId id = _open(OPENER, Kind.Parent, ModelId.unwrap(hiding), _target(parent, puppets[2]));
        _uphold(id);
        vm.assertTrue(_isEntered(hiding, parent), "entered");
        vm.assertFalse(_isEntered(hiding, puppets[2]), "in the puppet's place");
    }

    /// Attack: the ancestor raises its royalty after the child was published, or in the same second, and then brings the case.
    function test_paper_06_aRoyaltyRaisedLaterCountsForNothing() public {
        vm.prank(CREATOR);
        registry.setTerms(parent, _termsWith(5000, DERIVE));
        ModelId other = _register(DERIVER, _terms(), _refs());
        vm.warp(block.timestamp + 1);
        _uphold(_accuse(CREATOR, child, parent));
        vm.assertEq(treasury.entered(child)[0].royaltyBps, 1000, "what it asked before");
        _uphold(_accuse(CREATOR, other, parent));
        vm.assertEq(treasury.entered(other)[0].royaltyBps, 1000, "and before that second");
    }

    /// Attack: the hiding child accuses itself through a friend, to have its bond back as a bounty.
    function test_paper_06_selfAccusationCosts(uint64 cost) public {
        CaseId id = _accuse(SQUATTER, child, parent);
        Vote memory generous = Vote(Verdict.Accept, uint32(court.cases(id).threshold), cost, SALT);
        _decide(id, generous, 7);
        vm.assertLe(court.owed(SQUATTER) - CASE_BOND, ORIGIN_BOND * 4 / 10, "two fifths of it at most");
        vm.assertTrue(_isEntered(child, parent), "and the parent earns");
    }

    /// Attack: false cases freeze a bond for good. None opens after its release, and each costs its bond.
    function test_paper_06_freezingEnds() public {
        uint64 until = origins.bonds(child, 1).until;
        uint256 lost;
        while (protocol.time() < until) {
            _reject(_accuse(SQUATTER, child, parent));
            lost += CASE_BOND;
        }
        vm.assertEq(court.owed(SQUATTER), 0, "nothing comes back");
        vm.assertEq(court.owed(DERIVER), lost / 2, "half is the accused's");
        vm.assertEq(origins.claim(child, 1), ORIGIN_BOND, "and so is the bond");
    }
}
