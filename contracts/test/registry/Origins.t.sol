// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Ancestor, ParentRef } from "../../src/interfaces/IModelRegistry.sol";
import { IOrigins, OriginBond } from "../../src/interfaces/IOrigins.sol";
import { Parameter } from "../../src/interfaces/IProtocol.sol";
import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { BURNED, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

abstract contract OriginsTest is BaseTest {
    uint64 internal constant TIME = 90 days;
    ModelId internal root;
    ModelId internal child;

    /// @dev From here on nobody pays the bonds for the accounts.
    function setUp() public virtual override {
        super.setUp();
        root = _root();
        vm.warp(START + 1 days);
        child = _register(DERIVER, _terms(), _refs());
        usd.sponsor(address(0));
    }

    function _enter(ModelId id, ModelId ancestor) internal {
        _enter(id, ancestor, _modelId(0));
    }

    function _enter(ModelId id, ModelId ancestor, ModelId displaced) internal {
        vm.prank(COURT);
        origins.enter(id, 1, ancestor, displaced);
    }

    function _registered(address creator, uint16 royaltyBps, ParentRef[] memory refs) internal returns (ModelId) {
        _fund(creator, address(origins), ORIGIN_BOND);
        return _register(creator, _termsWith(royaltyBps, DERIVE | FREE_TO_DERIVE), refs);
    }

    function _version() internal returns (uint32) {
        _fund(DERIVER, address(origins), ORIGIN_BOND);
        vm.prank(DERIVER);
        registry.addVersion(child, MANIFEST_ROOT, URI);
        return registry.versionCount(child);
    }

    /// @dev Bonds are all that the contract holds.
    function _assertHeld(uint256 count) internal view {
        vm.assertEq(usd.balanceOf(address(origins)), count * ORIGIN_BOND, "every bond, and nothing else");
    }
}

contract LockTest is OriginsTest {
    function test_error_NotRegistry() public {
        vm.expectRevert(abi.encodeWithSelector(IOrigins.NotRegistry.selector, CREATOR, registry));
        vm.prank(CREATOR);
        origins.lock(child, 2, CREATOR);
    }

    /// Without a bond nobody registers.
    function test_error_noBond() public {
        ParentRef[] memory none = _refs();
        vm.prank(STRANGER);
        (bool done,) = address(registry)
            .call(abi.encodeCall(registry.register, (MANIFEST_ROOT, URI, _terms(), none, new address[](0))));
        vm.assertFalse(done, "not registered");
        vm.assertEq(registry.totalModels(), 2, "no model");
    }

    function test_default() public {
        uint256 before = usd.balanceOf(DERIVER);
        uint32 version = _version();
        OriginBond memory bond = origins.bonds(child, version);
        vm.assertEq(bond.owner, DERIVER, "who published it");
        vm.assertEq(bond.amount, ORIGIN_BOND, "the parameter");
        vm.assertEq(bond.since, protocol.time(), "now");
        vm.assertEq(bond.until, protocol.time() + TIME, "for its time");
        vm.assertEq(usd.balanceOf(DERIVER), before, "pulled from the publisher");
        _assertHeld(3);
    }

    /// A change of the parameters changes no bond that is locked.
    /// forge-config: default.fuzz.runs = 32
    function test_behavior_isFixed(uint64 amount, uint64 time) public {
        OriginBond memory before = origins.bonds(child, 1);
        vm.prank(OWNER);
        protocol.set(Parameter.OriginBond, uint64(_bound(amount, 1e6, 10_000e6)));
        vm.prank(OWNER);
        protocol.set(Parameter.OriginTime, uint64(_bound(time, 1 days, 365 days)));
        vm.warp(block.timestamp + 2 days);
        OriginBond memory found = origins.bonds(child, 1);
        vm.assertEq(keccak256(abi.encode(found)), keccak256(abi.encode(before)), "unchanged");
        (, uint64 later,) = protocol.origin();
        vm.assertEq(later, uint64(_bound(amount, 1e6, 10_000e6)), "for later versions");
    }
}

contract PutUpTest is OriginsTest {
    function setUp() public override {
        super.setUp();
        _fund(HOLDER, address(origins), ORIGIN_BOND);
        vm.prank(HOLDER);
        origins.putUp(child, 2);
    }

    function test_error_VersionNotNext(uint32 version) public {
        vm.expectRevert(abi.encodeWithSelector(IOrigins.VersionNotNext.selector, child, version, 1));
        origins.putUp(child, version);
    }

    /// A decision of the holders publishes a version, though the governor has no money.
    function test_default() public {
        vm.prank(DERIVER);
        registry.addVersion(child, MANIFEST_ROOT, URI);
        vm.assertEq(origins.bonds(child, 2).owner, HOLDER, "whose bond it is");
        vm.assertEq(origins.bonds(child, 2).since, protocol.time(), "locked");
        _assertHeld(3);
    }

    /// Who has allowed its own bond answers for its own version, and the other goes back.
    function test_behavior_ownBondComesFirst() public {
        _version();
        vm.assertEq(origins.bonds(child, 2).owner, DERIVER, "the publisher's");
        vm.assertEq(treasury.claimCredit(HOLDER), ORIGIN_BOND, "the other returns");
        _assertHeld(3);
    }

    function test_behavior_takenBack() public {
        vm.expectRevert(abi.encodeWithSelector(IOrigins.BondLocked.selector, protocol.time(), 0, 0));
        origins.claim(child, 2);
        vm.prank(HOLDER);
        vm.assertEq(origins.claim(child, 2), ORIGIN_BOND, "by its owner");
        _fund(STRANGER, address(origins), ORIGIN_BOND);
        vm.prank(STRANGER);
        origins.putUp(child, 2);
        _assertHeld(3);
    }
}

contract ClaimBondTest is OriginsTest {
    function test_error_BondLocked() public {
        uint64 until = origins.bonds(child, 1).until;
        vm.warp(until - 1);
        vm.expectRevert(abi.encodeWithSelector(IOrigins.BondLocked.selector, until - 1, until, 0));
        vm.prank(DERIVER);
        origins.claim(child, 1);
    }

    /// Anyone may call it, and the owner gets it, once.
    function test_default() public {
        vm.warp(origins.bonds(child, 1).until);
        uint256 before = usd.balanceOf(DERIVER);
        vm.prank(STRANGER);
        vm.assertEq(origins.claim(child, 1), ORIGIN_BOND, "all of it");
        vm.assertEq(usd.balanceOf(DERIVER), before + ORIGIN_BOND, "to its owner");
        vm.assertEq(origins.claim(child, 1), 0, "once");
        vm.assertEq(usd.balanceOf(STRANGER), 0, "not to the caller");
        _assertHeld(1);
    }

    /// A case that opened in time freezes the bond until it is closed. None opens afterwards.
    function test_behavior_frozen() public {
        uint64 until = origins.bonds(child, 1).until;
        vm.warp(until - 1);
        vm.prank(COURT);
        origins.openCase(child, 1);
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IOrigins.BondLocked.selector, until, until, 1));
        origins.claim(child, 1);
        vm.expectRevert(abi.encodeWithSelector(IOrigins.BondReleased.selector, child, 1, until, until));
        vm.prank(COURT);
        origins.openCase(child, 1);
        vm.prank(COURT);
        origins.closeCase(child, 1);
        vm.assertEq(origins.claim(child, 1), ORIGIN_BOND, "free again");
    }

    function test_error_BondReleased_unknownVersion() public {
        vm.expectRevert(abi.encodeWithSelector(IOrigins.BondReleased.selector, child, 2, block.timestamp, 0));
        vm.prank(COURT);
        origins.openCase(child, 2);
    }
}

contract TakeTest is OriginsTest {
    function test_error_NotCourt() public {
        bytes[4] memory calls = [
            abi.encodeCall(origins.openCase, (child, 1)),
            abi.encodeCall(origins.closeCase, (child, 1)),
            abi.encodeCall(origins.take, (child, 1, 1, 1)),
            abi.encodeCall(origins.enter, (child, 1, root, _modelId(0)))
        ];
        for (uint256 i; i < 4; ++i) {
            vm.prank(CREATOR);
            (bool done, bytes memory reason) = address(origins).call(calls[i]);
            vm.assertFalse(done, "only the court");
            vm.assertEq(
                keccak256(reason),
                keccak256(abi.encodeWithSelector(IOrigins.NotCourt.selector, CREATOR, COURT)),
                "the reason"
            );
        }
    }

    /// What is taken goes to the court, within the protocol's share, and is burned. Nothing is lost.
    function test_default(uint256 most, uint256 maxBounty) public {
        uint256 expected = most < ORIGIN_BOND ? most : ORIGIN_BOND;
        vm.prank(COURT);
        (uint64 taken, uint64 bounty) = origins.take(child, 1, most, maxBounty);
        vm.assertEq(taken, expected, "up to the bond");
        vm.assertLe(bounty, uint256(taken) * 4000 / 10_000, "the protocol's share");
        vm.assertLe(bounty, maxBounty, "and what was asked");
        vm.assertEq(usd.balanceOf(COURT), bounty, "sent");
        vm.assertEq(treasury.credit(BURNED), taken - bounty, "the rest is burned");
        vm.assertEq(origins.bonds(child, 1).amount, ORIGIN_BOND - taken, "the rest of the bond");
        vm.assertEq(usd.balanceOf(address(origins)), 2 * ORIGIN_BOND - taken, "held");
    }
}

contract EnterTest is OriginsTest {
    function test_error_NotOrigins() public {
        vm.expectRevert(abi.encodeWithSelector(ITreasury.NotOrigins.selector, CREATOR, origins));
        vm.prank(CREATOR);
        treasury.setEntered(child, new Ancestor[](1));
    }

    /// The royalty is what the ancestor's terms asked when the version was published. What was paid before stays.
    function test_default() public {
        _pay(child, 100e6);
        vm.warp(START + 1 days);
        vm.prank(CREATOR);
        registry.setTerms(root, _termsWith(5000, DERIVE));
        vm.expectEmit(address(origins));
        emit IOrigins.AncestorEntered(child, root, 1000, _modelId(0));
        _enter(child, root);
        vm.assertEq(treasury.entered(child)[0].royaltyBps, 1000, "not what it asks now");
        vm.assertEq(treasury.earned(root), 0, "nothing of what was paid before");
        _pay(child, 100e6);
        vm.assertEq(treasury.earned(root), 9e6, "10 % after the cuts");
        vm.assertEq(treasury.earned(child), 90e6 + 81e6, "the shareholders' part");
    }

    /// The history of a royalty, at every second.
    function test_behavior_royaltyAt(uint16[5] memory royalties, uint32[5] memory pauses, uint32 back) public {
        uint64[6] memory times;
        uint256[6] memory asked;
        (times[0], asked[0]) = (0, 1000);
        for (uint256 i; i < 5; ++i) {
            vm.warp(block.timestamp + 1 + pauses[i] % 30 days);
            (times[i + 1], asked[i + 1]) = (uint64(block.timestamp), royalties[i] % 5001);
            vm.prank(CREATOR);
            registry.setTerms(root, _termsWith(uint16(asked[i + 1]), DERIVE));
        }
        uint64 time = uint64(block.timestamp - back % 160 days);
        uint256 expected;
        for (uint256 i; i < 6; ++i) {
            if (times[i] <= time) expected = asked[i];
        }
        vm.assertEq(registry.royaltyAt(root, time), expected, "what it asked then");
    }

    function test_behavior_knownAncestorsAreNotEnteredTwice() public {
        ModelId named = _registered(STRANGER, 0, _refs(root));
        _enter(named, root);
        vm.assertEq(treasury.entered(named).length, 0, "it is in the lineage");
        _enter(child, root);
        _enter(child, root);
        vm.assertEq(treasury.entered(child).length, 1, "once");
    }

    /// A parent that is named and asks nothing is no part of the lineage, and is known all the same: whoever names it has not
    /// hidden it.
    function test_behavior_namedParentsThatAskNothingAreKnown() public {
        ModelId free = _registered(CREATOR, 0, _refs());
        ModelId named = _registered(DERIVER, 0, _refs(free));
        vm.assertEq(registry.lineage(named).length, 0, "it earns nothing");
        vm.assertTrue(origins.isKnown(named, free), "known");
        _enter(named, free);
        vm.assertEq(treasury.entered(named).length, 0, "not entered");
    }

    /// Four places. The fifth comes in only in place of one that the panel found to be there to keep others out.
    function test_behavior_fourPlaces() public {
        ModelId[6] memory puppets;
        for (uint256 i; i < 6; ++i) {
            puppets[i] = _registered(HOLDER, uint16(100 * (i + 1)), _refs());
        }
        ModelId late = _registered(DERIVER, 0, _refs());
        for (uint256 i; i < 5; ++i) {
            vm.assertTrue(origins.hasPlace(late, _modelId(0)) == i < 4, "four");
            _enter(late, puppets[i]);
        }
        vm.assertEq(treasury.entered(late).length, 4, "four");
        vm.assertFalse(origins.isKnown(late, puppets[4]), "the fifth is not");
        _enter(late, puppets[5], puppets[4]);
        vm.assertFalse(origins.isKnown(late, puppets[5]), "in nobody's place");
        vm.assertTrue(origins.hasPlace(late, puppets[2]), "in a puppet's place");
        _enter(late, root, puppets[2]);
        Ancestor[] memory found = treasury.entered(late);
        vm.assertEq(ModelId.unwrap(found[2].id), ModelId.unwrap(root), "it has the place");
        vm.assertEq(found[2].royaltyBps, 1000, "with its royalty");
        vm.assertEq(found[3].royaltyBps, 400, "the others stay");
        vm.assertFalse(origins.isKnown(late, puppets[2]), "the puppet is out");
    }

    /// Whatever is asked, the parts add up to the ten-thousandth of a unit, and nobody gets more than it asks.
    function test_behavior_money(uint64 amount, uint16[4] memory asked, uint16 declaredBps) public {
        ModelId parent = _registered(CREATOR, declaredBps % 5001, _refs());
        ModelId[4] memory ancestors;
        for (uint256 i; i < 4; ++i) {
            ancestors[i] = _registered(HOLDER, asked[i] % 5001, _refs());
        }
        ModelId late = _registered(DERIVER, 0, _refs(parent));
        for (uint256 i; i < 4; ++i) {
            _enter(late, ancestors[i]);
        }
        uint256 paid = uint256(amount) % 1e13;
        _pay(late, paid);
        uint256 rest = paid - paid * 250 / 10_000 * 2 - paid * 500 / 10_000;
        uint256 askedBps = uint256(asked[0] % 5001) + asked[1] % 5001 + asked[2] % 5001 + asked[3] % 5001;
        uint256 ownBps = 10_000 - declaredBps % 5001;
        uint256 sum = treasury.unaccrued(parent) + treasury.unaccrued(late);
        for (uint256 i; i < 4; ++i) {
            uint256 earned = treasury.unaccrued(ancestors[i]);
            uint256 full = rest * (asked[i] % 5001);
            vm.assertEq(earned, askedBps > ownBps ? full * ownBps / askedBps : full, "its royalty, or in proportion");
            vm.assertLe(earned, full, "never more");
            sum += earned;
        }
        vm.assertEq(treasury.unaccrued(parent), rest * (declaredBps % 5001), "what was pinned stays whole");
        vm.assertEq(sum, rest * 10_000, "nothing is lost");
        if (askedBps >= ownBps) vm.assertLe(treasury.unaccrued(late), 3, "less than four ten-thousandths are left");
        _accrue();
        vm.assertEq(treasury.claim(late, DERIVER), treasury.earned(late), "and can be claimed");
    }
}

contract CarryTest is OriginsTest {
    ModelId private grandchild;
    ModelId private last;

    function setUp() public override {
        super.setUp();
        grandchild = _registered(HOLDER, 500, _refs(child));
        last = _registered(STRANGER, 0, _refs(grandchild));
        _enter(child, root);
    }

    function _path(ModelId one, ModelId two) private pure returns (ModelId[] memory path) {
        path = new ModelId[](2);
        (path[0], path[1]) = (one, two);
    }

    function _path(ModelId one, ModelId two, ModelId three) private pure returns (ModelId[] memory path) {
        path = new ModelId[](3);
        (path[0], path[1], path[2]) = (one, two, three);
    }

    function test_error_PathTooShort() public {
        vm.expectRevert(abi.encodeWithSelector(IOrigins.PathTooShort.selector, 1));
        origins.carry(root, new ModelId[](1));
    }

    function test_error_NotAncestor() public {
        vm.expectRevert(abi.encodeWithSelector(IOrigins.NotAncestor.selector, last, child));
        origins.carry(last, _path(child, grandchild));
    }

    function test_error_NotParent() public {
        vm.expectRevert(abi.encodeWithSelector(IOrigins.NotParent.selector, child, last));
        origins.carry(root, _path(child, last));
    }

    function test_error_AncestorKnown() public {
        origins.carry(root, _path(child, grandchild));
        vm.expectRevert(abi.encodeWithSelector(IOrigins.AncestorKnown.selector, root, grandchild));
        origins.carry(root, _path(child, grandchild));
    }

    function test_error_PlacesTaken() public {
        for (uint256 i; i < 4; ++i) {
            ModelId puppet = _registered(CREATOR, 1, _refs());
            // a puppet that is younger than the child: only the court, which is COURT here, could enter it
            _enter(last, puppet);
        }
        ModelId[] memory path = _path(child, grandchild, last);
        vm.expectRevert(abi.encodeWithSelector(IOrigins.PlacesTaken.selector, last, 4));
        origins.carry(root, path);
    }

    /// Anyone carries an entry down the family, also past a model that is full. It earns the same of each descendant.
    function test_default() public {
        vm.prank(BUYER);
        origins.carry(root, _path(child, grandchild, last));
        _pay(last, 100e6);
        vm.assertEq(treasury.earned(root), 9e6, "10 % of what the last earns");
        vm.assertEq(treasury.earned(child), 9e6, "named, and pinned");
        vm.assertEq(treasury.entered(grandchild).length, 0, "the model between was not touched");
    }

    /// What the hidden parent owes its own ancestors, its descendants owe them too: they are carried along the entry.
    function test_behavior_theParentsOwnAncestors() public {
        ModelId base = _registered(CREATOR, 800, _refs());
        ModelId parent = _registered(HOLDER, 700, _refs(base));
        ModelId hiding = _registered(DERIVER, 0, _refs());
        _enter(hiding, parent);
        vm.prank(STRANGER);
        origins.carry(base, _path(parent, hiding));
        _pay(hiding, 100e6);
        vm.assertEq(treasury.earned(base), 7.2e6, "8 %");
        vm.assertEq(treasury.earned(parent), 6.3e6, "7 %");
    }

    /// Attack: a parent puts a model of its own, registered long before, into its version 2, has it entered with a royalty
    /// of 50 %, and carries it into the children of version 1.
    function test_paper_26_aLaterVersionTaxesNoEarlierChild() public {
        ModelId puppet = _registered(DERIVER, 5000, _refs());
        ModelId parent = _registered(DERIVER, 100, _refs());
        ModelId victim = _registered(HOLDER, 0, _refs(parent));
        vm.warp(block.timestamp + 1);
        _fund(DERIVER, address(origins), ORIGIN_BOND);
        vm.prank(DERIVER);
        registry.addVersion(parent, MANIFEST_ROOT, URI);
        vm.prank(COURT);
        origins.enter(parent, 2, puppet, _modelId(0));
        vm.expectRevert(
            abi.encodeWithSelector(IOrigins.PublishedBefore.selector, victim, block.timestamp - 1, block.timestamp)
        );
        origins.carry(puppet, _path(parent, victim));
        // and not through an own child of version 2 either, which is no ancestor of the victim
        ModelId later = _registered(STRANGER, 0, _refs(parent));
        origins.carry(puppet, _path(parent, later));
        vm.expectRevert(abi.encodeWithSelector(IOrigins.NotParent.selector, later, victim));
        origins.carry(puppet, _path(parent, later, victim));
        _pay(victim, 100e6);
        vm.assertEq(treasury.earned(victim), 89.1e6, "all but the 1 % that was pinned");
    }

    /// Attack: the puppet is an ancestor of the model that version 2 hides, and from it nothing is owed "from when on".
    function test_paper_26_norThroughAnAncestorOfWhatWasHidden() public {
        ModelId puppet = _registered(DERIVER, 5000, _refs());
        ModelId hidden = _registered(DERIVER, 0, _refs(puppet));
        ModelId parent = _registered(DERIVER, 100, _refs());
        ModelId victim = _registered(HOLDER, 0, _refs(parent));
        vm.warp(block.timestamp + 1);
        _fund(DERIVER, address(origins), ORIGIN_BOND);
        vm.prank(DERIVER);
        registry.addVersion(parent, MANIFEST_ROOT, URI);
        vm.prank(COURT);
        origins.enter(parent, 2, hidden, _modelId(0));
        vm.expectRevert(
            abi.encodeWithSelector(IOrigins.PublishedBefore.selector, victim, block.timestamp - 1, block.timestamp)
        );
        origins.carry(puppet, _path(hidden, parent, victim));
        // into the parent itself it is carried, from version 2 on
        origins.carry(puppet, _path(hidden, parent));
        vm.assertEq(origins.enteredSince(parent, puppet), block.timestamp, "from version 2 on");
        vm.expectRevert(
            abi.encodeWithSelector(IOrigins.PublishedBefore.selector, victim, block.timestamp - 1, block.timestamp)
        );
        origins.carry(puppet, _path(parent, victim));
    }
}
