// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    Ancestor,
    Floors,
    IModelRegistry,
    ParentEdge,
    ParentRef,
    Relation,
    Terms
} from "../../src/interfaces/IModelRegistry.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

contract RegisterTest is BaseTest {
    function test_error_TooManyParents_P7(uint256 count) public {
        count = _bound(count, 9, 40);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.TooManyParents.selector, count, 8));
        _register(DERIVER, _terms(), new ParentRef[](count));
    }

    function test_error_ModelUnknown_P5(uint256 parent) public {
        ModelId root = _root();
        vm.assume(parent != ModelId.unwrap(root));
        ParentRef[] memory refs = _refs(_modelId(parent));
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, parent));
        _register(DERIVER, _terms(), refs);
    }

    /// A model cannot name itself as a parent, because parents must exist before it.
    function test_error_ModelUnknown_itself_P5() public {
        ModelId next = _modelId(registry.totalModels() + 1);
        ParentRef[] memory refs = _refs(next);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, next));
        _register(CREATOR, _terms(), refs);
    }

    function test_error_ParentTwice_P1() public {
        ModelId root = _root();
        ParentRef[] memory refs = _refs(root, root);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ParentTwice.selector, root));
        _register(DERIVER, _terms(), refs);
    }

    function test_error_ModelRetired() public {
        ModelId root = _root();
        vm.prank(CREATOR);
        registry.retire(root);
        ParentRef[] memory refs = _refs(root);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelRetired.selector, root));
        _register(DERIVER, _terms(), refs);
    }

    function test_error_NotDerivable_P3(uint16 licence) public {
        licence = uint16(_bound(licence, 0, 7)) & ~DERIVE;
        ModelId root = _register(CREATOR, _termsWith(1000, licence), _refs());
        ParentRef[] memory refs = _refs(root);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotDerivable.selector, root));
        _register(DERIVER, _terms(), refs);
    }

    function test_error_CopyNotHeld_none_P3() public {
        ModelId root = _register(CREATOR, _termsWith(1000, DERIVE), _refs());
        ParentRef[] memory refs = _refs(root);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.CopyNotHeld.selector, 0, root, DERIVER));
        _register(DERIVER, _terms(), refs);
    }

    function test_error_CopyNotHeld_ofAnotherHolder_P3() public {
        ModelId root = _register(CREATOR, _termsWith(1000, DERIVE), _refs());
        _expectCopyNotHeld(_active(BUYER, root), root);
    }

    function test_error_CopyNotHeld_ofAnotherModel_P3() public {
        ModelId root = _register(CREATOR, _termsWith(1000, DERIVE), _refs());
        _expectCopyNotHeld(_active(DERIVER, _root()), root);
    }

    function test_error_CopyNotHeld_notAccepted_P3() public {
        ModelId root = _register(CREATOR, _termsWith(1000, DERIVE), _refs());
        _expectCopyNotHeld(_delivered(DERIVER, root), root);
    }

    function test_error_CopyNotHeld_closing_P10() public {
        ModelId root = _register(CREATOR, _termsWith(1000, DERIVE), _refs());
        _expectCopyNotHeld(_closing(DERIVER, root), root);
    }

    /// Terms that change between reading and registering stop the registration.
    function test_error_TermsChanged_P2(Terms memory later) public {
        later.royaltyBps = uint16(_bound(later.royaltyBps, 0, 5000));
        later.floorBps = uint16(_bound(later.floorBps, 0, 10_000));
        later.leakBps = uint16(_bound(later.leakBps, 0, 10_000));
        later.licence = DERIVE | FREE_TO_DERIVE;
        ModelId root = _root();
        ParentRef[] memory refs = _refs(root);
        vm.prank(CREATOR);
        registry.setTerms(root, later);
        vm.expectRevert(
            abi.encodeWithSelector(
                IModelRegistry.TermsChanged.selector, root, keccak256(abi.encode(later)), refs[0].termsHash
            )
        );
        _register(DERIVER, _terms(), refs);
    }

    function test_error_RoyaltiesAboveCap() public {
        ModelId first = _register(CREATOR, _termsWith(2500, DERIVE | FREE_TO_DERIVE), _refs());
        ModelId second = _register(CREATOR, _termsWith(2501, DERIVE | FREE_TO_DERIVE), _refs());
        ParentRef[] memory refs = _refs(first, second);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.RoyaltiesAboveCap.selector, 5001, 5000));
        _register(DERIVER, _terms(), refs);
    }

    /// What an ancestor further up asks counts against the same half.
    function test_error_RoyaltiesAboveCap_inherited() public {
        ModelId root = _register(CREATOR, _termsWith(3000, DERIVE | FREE_TO_DERIVE), _refs());
        ModelId child = _register(DERIVER, _termsWith(2001, DERIVE | FREE_TO_DERIVE), _refs(root));
        ParentRef[] memory refs = _refs(child);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.RoyaltiesAboveCap.selector, 5001, 5000));
        _register(DERIVER, _terms(), refs);
    }

    function test_error_TooManyAncestors_P7() public {
        ModelId id = _register(CREATOR, _termsWith(1, DERIVE | FREE_TO_DERIVE), _refs());
        for (uint256 i; i < 16; ++i) {
            id = _register(CREATOR, _termsWith(1, DERIVE | FREE_TO_DERIVE), _refs(id));
        }
        vm.assertEq(registry.lineage(id).length, 16, "sixteen earn");
        ParentRef[] memory refs = _refs(id);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.TooManyAncestors.selector, 17, 16));
        _register(DERIVER, _terms(), refs);
    }

    /// Ancestors that ask nothing need no entry, so a family may be of any depth.
    function test_behavior_depthIsUnlimited() public {
        ModelId id = _register(CREATOR, _termsWith(1000, DERIVE | FREE_TO_DERIVE), _refs());
        for (uint256 i; i < 40; ++i) {
            id = _register(CREATOR, _termsWith(0, DERIVE | FREE_TO_DERIVE), _refs(id));
        }
        vm.assertEq(registry.lineage(id).length, 1, "one earns");
    }

    function test_error_ManifestRootMissing() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ManifestRootMissing.selector));
        registry.register(0, URI, _terms(), _refs(), new address[](0));
    }

    function test_error_MetadataUriLength(uint256 length) public {
        length = length % 2 == 0 ? 0 : _bound(length, 257, 2000);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.MetadataUriLength.selector, length, 256));
        registry.register(MANIFEST_ROOT, string(new bytes(length)), _terms(), _refs(), new address[](0));
    }

    function test_error_RoyaltyAboveCap(uint16 royaltyBps) public {
        royaltyBps = uint16(_bound(royaltyBps, 5001, type(uint16).max));
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.RoyaltyAboveCap.selector, royaltyBps, 5000));
        _register(CREATOR, _termsWith(royaltyBps, DERIVE), _refs());
    }

    function test_error_LicenceUnknown(uint16 licence) public {
        licence = uint16(_bound(licence, 8, type(uint16).max));
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.LicenceUnknown.selector, licence, 7));
        _register(CREATOR, _termsWith(1000, licence), _refs());
    }

    function test_default(Terms memory terms) public {
        terms.royaltyBps = uint16(_bound(terms.royaltyBps, 0, 5000));
        terms.licence = uint16(_bound(terms.licence, 0, 7));
        terms.floorBps = uint16(_bound(terms.floorBps, 0, 10_000));
        terms.leakBps = uint16(_bound(terms.leakBps, 0, 10_000));

        address shares = vm.computeCreateAddress(address(registry), vm.getNonce(address(registry)));
        vm.expectEmit(address(registry));
        emit IModelRegistry.Registered(_modelId(1), CREATOR, shares);
        vm.expectEmit(address(registry));
        emit IModelRegistry.VersionAdded(_modelId(1), 1, MANIFEST_ROOT, URI);
        vm.expectEmit(address(registry));
        emit IModelRegistry.TermsSet(_modelId(1), 1, keccak256(abi.encode(terms)), terms);
        ModelId id = _register(CREATOR, terms, _refs());

        vm.assertEq(ModelId.unwrap(id), 1, "the first model is number 1");
        vm.assertEq(registry.totalModels(), 1, "total");
        vm.assertTrue(registry.exists(id), "exists");
        vm.assertFalse(registry.retired(id), "not retired");
        vm.assertEq(registry.ownerOf(1), CREATOR, "controller");
        vm.assertEq(registry.tokenURI(1), URI, "token URI");
        vm.assertEq(registry.shares(id), shares, "shares");
        vm.assertEq(_shares(id).balanceOf(CREATOR), 1_000_000e18, "all shares are the creator's");
        vm.assertEq(_shares(id).totalSupply(), 1_000_000e18, "supply");
        vm.assertEq(_shares(id).symbol(), "KIN-1", "symbol");
        vm.assertEq(registry.termsHash(id), keccak256(abi.encode(registry.terms(id))), "terms hash");
        vm.assertEq(registry.parents(id).length, 0, "no parents");
    }

    function test_behavior_parentsArePinned(Terms memory terms, Terms memory later) public {
        terms.royaltyBps = uint16(_bound(terms.royaltyBps, 1, 5000));
        terms.floorBps = uint16(_bound(terms.floorBps, 0, 10_000));
        terms.leakBps = uint16(_bound(terms.leakBps, 0, 10_000));
        terms.licence = DERIVE | FREE_TO_DERIVE;
        ModelId root = _register(CREATOR, terms, _refs());
        ParentRef[] memory refs = _refs(root);
        refs[0].relation = Relation.Quantized;
        vm.expectEmit(address(registry));
        emit IModelRegistry.ParentAdded(_modelId(2), root, Relation.Quantized);
        ModelId child = _register(DERIVER, terms, refs);
        _assertInherits(child, root, terms);

        later.royaltyBps = uint16(_bound(later.royaltyBps, 0, 5000));
        later.floorBps = uint16(_bound(later.floorBps, 0, 10_000));
        later.leakBps = uint16(_bound(later.leakBps, 0, 10_000));
        later.licence = 0;
        vm.prank(CREATOR);
        registry.setTerms(root, later);
        _assertInherits(child, root, terms);
        ParentEdge[] memory edges = registry.parents(child);
        vm.assertEq(edges.length, 1, "one parent");
        vm.assertTrue(edges[0].parent == root, "parent");
        vm.assertTrue(edges[0].relation == Relation.Quantized, "relation");
        vm.assertEq(registry.tokenURI(2), URI, "the URI is stored behind the lineage");
    }

    function _assertInherits(ModelId child, ModelId root, Terms memory terms) private view {
        Ancestor[] memory lineage = registry.lineage(child);
        (Floors memory floors, uint16 allowed) = registry.obligations(child);
        vm.assertEq(lineage.length, 1, "one ancestor");
        vm.assertTrue(lineage[0].id == root, "ancestor");
        vm.assertEq(lineage[0].royaltyBps, terms.royaltyBps, "royalty at the registration");
        vm.assertEq(floors.price, _part(terms.price, terms.floorBps), "price");
        vm.assertEq(floors.collateral, _part(terms.collateral, terms.floorBps), "collateral");
        vm.assertEq(floors.fee, _part(terms.fee, terms.floorBps), "fee");
        vm.assertEq(allowed, DERIVE | FREE_TO_DERIVE, "licence");
    }

    function _part(uint64 amount, uint16 bps) private pure returns (uint256) {
        return (uint256(amount) * bps + 9999) / 10_000;
    }

    /// Reached on two paths, an ancestor counts once, with the larger royalty:
    ///
    ///         root: 20 %, later 10 %
    ///         left: 5 %     right: 7 %
    ///         child
    function test_behavior_aDiamondCountsOnce(bool swapped) public {
        uint16 licence = DERIVE | FREE_TO_DERIVE;
        ModelId root = _register(CREATOR, _termsWith(2000, licence), _refs());
        ModelId left = _register(HOLDER, _termsWith(500, licence), _refs(root));
        vm.prank(CREATOR);
        registry.setTerms(root, _termsWith(1000, licence));
        ModelId right = _register(STRANGER, _termsWith(700, licence), _refs(root));
        ModelId child = _register(DERIVER, _terms_(), swapped ? _refs(right, left) : _refs(left, right));
        uint256 found;
        Ancestor[] memory lineage = registry.lineage(child);
        for (uint256 i; i < lineage.length; ++i) {
            if (lineage[i].id == root) found += lineage[i].royaltyBps;
            if (lineage[i].id == left) found += uint256(lineage[i].royaltyBps) << 16;
            if (lineage[i].id == right) found += uint256(lineage[i].royaltyBps) << 32;
        }
        vm.assertEq(lineage.length, 3, "three ancestors");
        vm.assertEq(found, 2000 | 500 << 16 | 700 << 32, "each once, the root with 20 %");
    }

    /// Floors are the largest of the parents', and a licence the intersection of theirs.
    function test_behavior_twoParents() public {
        Terms memory dear = Terms(100e6, 10e6, 50, 0, 5000, 8000, DERIVE | FREE_TO_DERIVE | COMMERCIAL);
        Terms memory safe = Terms(10e6, 100e6, 2000, 0, 10_000, 3000, DERIVE | FREE_TO_DERIVE);
        ModelId first = _register(CREATOR, dear, _refs());
        ModelId second = _register(CREATOR, safe, _refs());
        Terms memory least = Terms(50e6, 100e6, 2000, 0, 0, 4000, DERIVE);
        ModelId child = _register(DERIVER, least, _refs(first, second));
        (Floors memory floors, uint16 allowed) = registry.obligations(child);
        vm.assertEq(floors.price, 50e6, "half of the first's price");
        vm.assertEq(floors.collateral, 100e6, "all of the second's collateral");
        vm.assertEq(floors.fee, 2000, "all of the second's fee");
        vm.assertEq(floors.leakBps, 4000, "half of the first's leak bond");
        vm.assertEq(allowed, DERIVE | FREE_TO_DERIVE, "what both allow");
    }

    /// The creator names its model's minters with the registration.
    function test_behavior_namesMinters(address first, address second) public {
        address[] memory minters = new address[](2);
        (minters[0], minters[1]) = (first, second);
        vm.expectEmit(address(registry));
        emit IModelRegistry.MinterNamed(_modelId(1), first, true);
        vm.prank(CREATOR);
        ModelId id = registry.register(MANIFEST_ROOT, URI, _terms(), _refs(), minters);
        vm.assertTrue(registry.minterNamed(id, first), "first");
        vm.assertTrue(registry.minterNamed(id, second), "second");
    }

    function test_behavior_eightParentsOweAtMostHalf() public {
        ParentRef[] memory refs = new ParentRef[](8);
        for (uint256 i; i < 8; ++i) {
            refs[i] = _ref(_register(CREATOR, _termsWith(625, DERIVE | FREE_TO_DERIVE), _refs()));
            refs[i].relation = Relation(i % 4);
        }
        ModelId child = _register(DERIVER, _terms_(), refs);
        vm.assertEq(registry.lineage(child).length, 8, "eight ancestors");
        ParentEdge[] memory edges = registry.parents(child);
        vm.assertEq(edges.length, 8, "eight parents");
        for (uint256 i; i < 8; ++i) {
            vm.assertTrue(edges[i].parent == refs[i].id, "parent");
            vm.assertTrue(edges[i].relation == refs[i].relation, "relation");
        }
    }

    function test_behavior_anActiveCopyAllowsDeriving() public {
        ModelId root = _register(CREATOR, _termsWith(1000, DERIVE), _refs());
        ParentRef[] memory refs = _refs(root);
        refs[0].copyId = _active(DERIVER, root);
        ModelId child = _register(DERIVER, _termsWith(0, DERIVE), refs);
        vm.assertEq(registry.lineage(child)[0].royaltyBps, 1000, "the root earns");
    }

    /// Terms that a child of any parent in these tests may have.
    function _terms_() private pure returns (Terms memory) {
        return _termsWith(1000, DERIVE | FREE_TO_DERIVE);
    }

    function _expectCopyNotHeld(CopyId copyId, ModelId root) private {
        ParentRef[] memory refs = _refs(root);
        refs[0].copyId = copyId;
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.CopyNotHeld.selector, copyId, root, DERIVER));
        _register(DERIVER, _terms(), refs);
    }
}
