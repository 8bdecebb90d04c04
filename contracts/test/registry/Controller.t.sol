// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { State } from "../../src/interfaces/ICopyRegistry.sol";
import { IModelRegistry, Terms } from "../../src/interfaces/IModelRegistry.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { ModelShares } from "../../src/money/ModelShares.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

/// @notice Guards shared by every function of the controller.
abstract contract ControllerTest is BaseTest {
    ModelId internal root;

    function setUp() public override {
        super.setUp();
        root = _root();
    }

    function _call(ModelId id) internal virtual;

    function test_error_ModelUnknown(uint256 id) public {
        vm.assume(id != 1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, id));
        _call(_modelId(id));
    }

    function test_error_NotController(address caller) public {
        vm.assume(caller != CREATOR);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotController.selector, caller, CREATOR));
        vm.prank(caller);
        _call(root);
    }

    /// Approval for the token does not give control over the model.
    function test_error_NotController_approved() public {
        vm.prank(CREATOR);
        registry.approve(STRANGER, 1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotController.selector, STRANGER, CREATOR));
        vm.prank(STRANGER);
        _call(root);
    }

    function test_error_ModelRetired() public {
        vm.prank(CREATOR);
        registry.retire(root);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelRetired.selector, root));
        vm.prank(CREATOR);
        _call(root);
    }

    /// Control goes with the majority of the shares, a day after its announcement.
    function test_behavior_controlGoesWithTheShares() public {
        ModelShares shares = _shares(root);
        vm.prank(CREATOR);
        shares.transfer(HOLDER, 500_000e18 + 1);
        address governor = factory.governorOf(root);
        vm.prank(HOLDER);
        shares.announce();
        vm.warp(block.timestamp + 1 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotController.selector, HOLDER, governor));
        vm.prank(HOLDER);
        _call(root);
        vm.warp(block.timestamp + 1);
        vm.prank(HOLDER);
        _call(root);
    }
}

contract AddVersionTest is ControllerTest {
    function _call(ModelId id) internal override {
        registry.addVersion(id, MANIFEST_ROOT, URI);
    }

    function test_error_ManifestRootMissing() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ManifestRootMissing.selector));
        vm.prank(CREATOR);
        registry.addVersion(root, 0, URI);
    }

    function test_error_MetadataUriLength() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.MetadataUriLength.selector, 0, 256));
        vm.prank(CREATOR);
        registry.addVersion(root, MANIFEST_ROOT, "");
    }

    function test_default(bytes32 manifestRoot) public {
        vm.assume(manifestRoot != 0);
        vm.expectEmit(address(registry));
        emit IModelRegistry.VersionAdded(root, 2, manifestRoot, "ni:///two");
        vm.prank(CREATOR);
        registry.addVersion(root, manifestRoot, "ni:///two");

        (bytes32 first,) = registry.version(root, 1);
        (bytes32 second, string memory uri) = registry.version(root, 2);
        vm.assertEq(registry.versionCount(root), 2, "count");
        vm.assertEq(first, MANIFEST_ROOT, "the first version stays");
        vm.assertEq(second, manifestRoot, "the second is new");
        vm.assertEq(uri, "ni:///two", "its URI");
        vm.assertEq(registry.tokenURI(1), "ni:///two", "the token URI is the newest");
    }

    function test_error_VersionUnknown(uint32 number) public {
        vm.assume(number != 1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.VersionUnknown.selector, root, number, 1));
        registry.version(root, number);
    }
}

contract SetTermsTest is ControllerTest {
    function _call(ModelId id) internal override {
        registry.setTerms(id, _terms());
    }

    function test_error_RoyaltyAboveCap() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.RoyaltyAboveCap.selector, 5001, 5000));
        vm.prank(CREATOR);
        registry.setTerms(root, _termsWith(5001, 0));
    }

    function test_error_FloorAboveWhole() public {
        Terms memory terms = _terms();
        terms.floorBps = 10_001;
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.FloorAboveWhole.selector, 10_001, 10_000));
        vm.prank(CREATOR);
        registry.setTerms(root, terms);
    }

    function test_error_LeakBondAboveWhole() public {
        Terms memory terms = _terms();
        terms.leakBps = 10_001;
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.LeakBondAboveWhole.selector, 10_001, 10_000));
        vm.prank(CREATOR);
        registry.setTerms(root, terms);
    }

    function test_error_LicenceUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.LicenceUnknown.selector, 8, 7));
        vm.prank(CREATOR);
        registry.setTerms(root, _termsWith(0, 8));
    }

    /// A child's licence allows only what its parent's licence allowed when it was registered.
    function test_error_LicenceTooWide() public {
        ModelId parent = _register(CREATOR, _termsWith(0, DERIVE | FREE_TO_DERIVE), _refs());
        ModelId child = _register(DERIVER, _termsWith(0, DERIVE), _refs(parent));
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.LicenceTooWide.selector, 7, 3));
        vm.prank(DERIVER);
        registry.setTerms(child, _termsWith(0, 7));
    }

    /// What a descendant asks never falls below what its ancestors were promised.
    function test_error_BelowFloor(uint64 price, uint64 collateral, uint64 fee) public {
        Terms memory terms = _terms();
        (terms.floorBps, terms.leakBps) = (10_000, 5000);
        ModelId parent = _register(CREATOR, terms, _refs());
        ModelId child = _register(DERIVER, terms, _refs(parent));
        terms = _terms();
        terms.price = uint64(_bound(price, 0, 25e6 - 1));
        _expectBelow(child, terms, IModelRegistry.PriceBelowFloor.selector, terms.price, 25e6);
        terms = _terms();
        terms.collateral = uint64(_bound(collateral, 0, 50e6 - 1));
        _expectBelow(child, terms, IModelRegistry.CollateralBelowFloor.selector, terms.collateral, 50e6);
        terms = _terms();
        terms.fee = uint64(_bound(fee, 0, 1e9 - 1));
        _expectBelow(child, terms, IModelRegistry.FeeBelowFloor.selector, terms.fee, 1e9);
        terms = _terms();
        terms.leakBps = uint16(_bound(fee, 0, 4999));
        _expectBelow(child, terms, IModelRegistry.LeakBondBelowFloor.selector, terms.leakBps, 5000);
    }

    function _expectBelow(ModelId id, Terms memory terms, bytes4 selector, uint64 asked, uint64 floor) private {
        vm.expectRevert(abi.encodeWithSelector(selector, asked, floor));
        vm.prank(DERIVER);
        registry.setTerms(id, terms);
    }

    function test_default(Terms memory terms) public {
        terms.royaltyBps = uint16(_bound(terms.royaltyBps, 0, 5000));
        terms.licence = uint16(_bound(terms.licence, 0, 7));
        terms.floorBps = uint16(_bound(terms.floorBps, 0, 10_000));
        terms.leakBps = uint16(_bound(terms.leakBps, 0, 10_000));
        vm.expectEmit(address(registry));
        emit IModelRegistry.TermsSet(root, 2, keccak256(abi.encode(terms)), terms);
        vm.prank(CREATOR);
        registry.setTerms(root, terms);
        vm.assertEq(keccak256(abi.encode(registry.terms(root))), keccak256(abi.encode(terms)), "terms");
        vm.assertEq(registry.termsHash(root), keccak256(abi.encode(terms)), "terms hash");
    }
}

contract RetireTest is ControllerTest {
    function _call(ModelId id) internal override {
        registry.retire(id);
    }

    function test_default() public {
        vm.expectEmit(address(registry));
        emit IModelRegistry.Retired(root);
        vm.prank(CREATOR);
        registry.retire(root);
        vm.assertTrue(registry.retired(root), "retired");
    }

    /// Sold copies stay active, and owed money is paid.
    function test_behavior_soldCopiesAndOwedMoneyAreUntouched() public {
        ModelId child = _register(DERIVER, _terms(), _refs(root));
        CopyId copyId = _order(BUYER, root);
        vm.prank(CREATOR);
        registry.retire(root);

        _deliver(copyId);
        vm.prank(BUYER);
        copyRegistry.accept(copyId);
        _assertState(copyId, State.Active);

        _pay(child, 100e6);
        _accrue();
        vm.assertEq(treasury.claim(root, CREATOR), 22.5e6 + 9e6, "the copy's price and the child's royalty");
    }
}

contract RegistryViewsTest is BaseTest {
    function test_error_ModelUnknown(uint256 id) public {
        bytes memory revertData = abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, id);
        ModelId unknown = _modelId(id);
        vm.assertFalse(registry.exists(unknown), "exists");
        vm.expectRevert(revertData);
        registry.retired(unknown);
        vm.expectRevert(revertData);
        registry.terms(unknown);
        vm.expectRevert(revertData);
        registry.termsHash(unknown);
        vm.expectRevert(revertData);
        registry.versionCount(unknown);
        vm.expectRevert(revertData);
        registry.version(unknown, 1);
        vm.expectRevert(revertData);
        registry.parents(unknown);
        vm.expectRevert(revertData);
        registry.lineage(unknown);
        vm.expectRevert(revertData);
        registry.obligations(unknown);
        vm.expectRevert(revertData);
        registry.minterNamed(unknown, MINTER);
        vm.expectRevert(revertData);
        registry.keyPool(unknown, 1);
        vm.expectRevert(revertData);
        registry.offer(unknown, 1, MINTER);
        vm.expectRevert(revertData);
        registry.shares(unknown);
        vm.expectRevert(revertData);
        registry.tokenURI(id);
    }

    function test_behavior_isAnERC721() public view {
        vm.assertTrue(registry.supportsInterface(0x80ac58cd), "ERC-721");
        vm.assertEq(registry.name(), "Kinmark models", "name");
        vm.assertEq(registry.symbol(), "KINMARK", "symbol");
    }
}

contract NameMinterTest is ControllerTest {
    function _call(ModelId id) internal override {
        registry.nameMinter(id, MINTER, true);
    }

    function test_default(address minter) public {
        vm.assertFalse(registry.minterNamed(root, minter), "not named");
        for (uint256 i; i < 2; ++i) {
            bool named = i == 0;
            vm.expectEmit(address(registry));
            emit IModelRegistry.MinterNamed(root, minter, named);
            vm.prank(CREATOR);
            registry.nameMinter(root, minter, named);
            vm.assertTrue(registry.minterNamed(root, minter) == named, "named");
        }
    }
}

contract CommitKeyPoolTest is BaseTest {
    ModelId private root;

    function setUp() public override {
        super.setUp();
        root = _root();
    }

    function test_error_NotKeyPoolMaker(address caller) public {
        vm.assume(caller != CREATOR);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotKeyPoolMaker.selector, caller, root));
        vm.prank(caller);
        registry.commitKeyPool(root, 1, KEY_POOL_ROOT);
    }

    function test_error_VersionUnknown(uint32 version) public {
        vm.assume(version != 1);
        _expect(abi.encodeWithSelector(IModelRegistry.VersionUnknown.selector, root, version, 1), version, "root");
    }

    function test_error_KeyPoolRootMissing() public {
        _expect(abi.encodeWithSelector(IModelRegistry.KeyPoolRootMissing.selector), 1, 0);
    }

    /// A pool never changes: evidence is never made after the fact.
    function test_error_KeyPoolCommitted(bytes32 later) public {
        vm.assume(later != 0);
        vm.prank(CREATOR);
        registry.commitKeyPool(root, 1, KEY_POOL_ROOT);
        _expect(abi.encodeWithSelector(IModelRegistry.KeyPoolCommitted.selector, root, 1, KEY_POOL_ROOT), 1, later);
    }

    function test_default(bytes32 pool, bool byMinter) public {
        vm.assume(pool != 0);
        vm.prank(CREATOR);
        registry.nameMinter(root, MINTER, true);
        vm.expectEmit(address(registry));
        emit IModelRegistry.KeyPoolSet(root, 1, pool);
        vm.prank(byMinter ? MINTER : CREATOR);
        registry.commitKeyPool(root, 1, pool);
        vm.assertEq(registry.keyPool(root, 1).root, pool, "root");
        vm.assertEq(registry.keyPool(root, 1).since, START, "since");
        vm.assertEq(registry.keyPool(root, 2).root, 0, "of this version only");
    }

    function _expect(bytes memory revertData, uint32 version, bytes32 pool) private {
        vm.expectRevert(revertData);
        vm.prank(CREATOR);
        registry.commitKeyPool(root, version, pool);
    }
}
