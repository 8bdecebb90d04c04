// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IModelRegistry, ParentEdge, ParentRef, Relation, Terms } from "../../src/interfaces/IModelRegistry.sol";
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
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, parent));
        _register(DERIVER, _terms(), _refs(_modelId(parent)));
    }

    /// A model cannot name itself as a parent, because parents must exist before it.
    function test_error_ModelUnknown_itself_P5() public {
        ModelId next = _modelId(registry.totalModels() + 1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, next));
        _register(CREATOR, _terms(), _refs(next));
    }

    function test_error_ParentTwice_P1() public {
        ModelId root = _root();
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ParentTwice.selector, root));
        _register(DERIVER, _terms(), _refs(root, root));
    }

    function test_error_ModelRetired() public {
        ModelId root = _root();
        vm.prank(CREATOR);
        registry.retire(root);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelRetired.selector, root));
        _register(DERIVER, _terms(), _refs(root));
    }

    function test_error_NotDerivable_P3(uint16 licence) public {
        licence = uint16(_bound(licence, 0, 7)) & ~DERIVE;
        ModelId root = _register(CREATOR, _termsWith(1000, licence), _refs());
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotDerivable.selector, root));
        _register(DERIVER, _terms(), _refs(root));
    }

    function test_error_CopyNotHeld_none_P3() public {
        ModelId root = _register(CREATOR, _termsWith(1000, DERIVE), _refs());
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.CopyNotHeld.selector, 0, root, DERIVER));
        _register(DERIVER, _terms(), _refs(root));
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

    function test_error_RoyaltyAboveMax_P2(uint16 royaltyBps, uint16 maxRoyaltyBps) public {
        royaltyBps = uint16(_bound(royaltyBps, 1, 5000));
        maxRoyaltyBps = uint16(_bound(maxRoyaltyBps, 0, royaltyBps - 1));
        ModelId root = _register(CREATOR, _termsWith(royaltyBps, DERIVE | FREE_TO_DERIVE), _refs());
        ParentRef[] memory refs = _refs(root);
        refs[0].maxRoyaltyBps = maxRoyaltyBps;
        vm.expectRevert(
            abi.encodeWithSelector(IModelRegistry.RoyaltyAboveMax.selector, root, royaltyBps, maxRoyaltyBps)
        );
        _register(DERIVER, _terms(), refs);
    }

    function test_error_RoyaltiesAboveCap() public {
        ModelId first = _register(CREATOR, _termsWith(2500, DERIVE | FREE_TO_DERIVE), _refs());
        ModelId second = _register(CREATOR, _termsWith(2501, DERIVE | FREE_TO_DERIVE), _refs());
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.RoyaltiesAboveCap.selector, 5001, 5000));
        _register(DERIVER, _terms(), _refs(first, second));
    }

    function test_error_ManifestRootMissing() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ManifestRootMissing.selector));
        registry.register(0, URI, _terms(), _refs());
    }

    function test_error_MetadataUriLength(uint256 length) public {
        length = length % 2 == 0 ? 0 : _bound(length, 257, 2000);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.MetadataUriLength.selector, length, 256));
        registry.register(MANIFEST_ROOT, string(new bytes(length)), _terms(), _refs());
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

    function test_behavior_parentsArePinned(uint16 royaltyBps, uint16 later) public {
        royaltyBps = uint16(_bound(royaltyBps, 0, 5000));
        ModelId root = _register(CREATOR, _termsWith(royaltyBps, DERIVE | FREE_TO_DERIVE), _refs());
        ParentRef[] memory refs = _refs(root);
        refs[0].relation = Relation.Quantized;
        refs[0].maxRoyaltyBps = royaltyBps;
        vm.expectEmit(address(registry));
        emit IModelRegistry.ParentAdded(_modelId(2), root, Relation.Quantized, royaltyBps);
        ModelId child = _register(DERIVER, _terms(), refs);

        vm.prank(CREATOR);
        registry.setTerms(root, _termsWith(uint16(_bound(later, 0, 5000)), 0));

        ParentEdge[] memory edges = registry.parents(child);
        vm.assertEq(edges.length, 1, "one parent");
        vm.assertTrue(edges[0].parent == root, "parent");
        vm.assertTrue(edges[0].relation == Relation.Quantized, "relation");
        vm.assertEq(edges[0].royaltyBps, royaltyBps, "royalty at the registration");
        vm.assertEq(registry.edgeRoyaltyBps(child, root), royaltyBps, "royalty of the edge");
        vm.assertEq(registry.royaltyBpsTotal(child), royaltyBps, "total");
    }

    function test_behavior_eightParentsOweAtMostHalf() public {
        ParentRef[] memory refs = new ParentRef[](8);
        for (uint256 i; i < 8; ++i) {
            refs[i] = _ref(_register(CREATOR, _termsWith(625, DERIVE | FREE_TO_DERIVE), _refs()));
        }
        ModelId child = _register(DERIVER, _terms(), refs);
        vm.assertEq(registry.royaltyBpsTotal(child), 5000, "50 %");
        vm.assertEq(registry.parents(child).length, 8, "eight parents");
    }

    function test_behavior_anActiveCopyAllowsDeriving() public {
        ModelId root = _register(CREATOR, _termsWith(1000, DERIVE), _refs());
        ParentRef[] memory refs = _refs(root);
        refs[0].copyId = _active(DERIVER, root);
        ModelId child = _register(DERIVER, _terms(), refs);
        vm.assertEq(registry.edgeRoyaltyBps(child, root), 1000, "edge");
    }

    function _expectCopyNotHeld(CopyId copyId, ModelId root) private {
        ParentRef[] memory refs = _refs(root);
        refs[0].copyId = copyId;
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.CopyNotHeld.selector, copyId, root, DERIVER));
        _register(DERIVER, _terms(), refs);
    }
}
