// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Copy, ICopyRegistry, OrderRequest, Permit, State } from "../../src/interfaces/ICopyRegistry.sol";
import { IMinterRegistry } from "../../src/interfaces/IMinterRegistry.sol";
import { IModelRegistry, Terms } from "../../src/interfaces/IModelRegistry.sol";
import { IProtocol } from "../../src/interfaces/IProtocol.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";
import { IERC20Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

contract OrderTest is BaseTest {
    ModelId internal root;

    function setUp() public override {
        super.setUp();
        root = _root();
    }

    function test_error_ProtocolPaused() public {
        vm.prank(GUARDIAN);
        protocol.pause();
        _expect(abi.encodeWithSelector(IProtocol.ProtocolPaused.selector, START + 7 days), _request(root));
    }

    function test_error_ModelUnknown(uint256 id) public {
        vm.assume(id != 1);
        OrderRequest memory request = _request(root);
        request.modelId = _modelId(id);
        _expect(abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, id), request);
    }

    function test_error_ModelRetired() public {
        OrderRequest memory request = _request(root);
        vm.prank(CREATOR);
        registry.retire(root);
        _expect(abi.encodeWithSelector(ICopyRegistry.ModelRetired.selector, root), request);
    }

    function test_error_VersionUnknown(uint32 version) public {
        vm.assume(version != 1);
        OrderRequest memory request = _request(root);
        request.version = version;
        _expect(abi.encodeWithSelector(ICopyRegistry.VersionUnknown.selector, root, version, 1), request);
    }

    function test_error_PriceAboveMax_P2(uint64 price, uint96 maxPrice) public {
        price = uint64(_bound(price, 1, type(uint64).max));
        maxPrice = uint96(_bound(maxPrice, 0, price - 1));
        Terms memory terms = _terms();
        terms.price = price;
        vm.prank(CREATOR);
        registry.setTerms(root, terms);
        OrderRequest memory request = _request(root);
        request.maxPrice = maxPrice;
        request.termsHash = registry.termsHash(root);
        _expect(abi.encodeWithSelector(ICopyRegistry.PriceAboveMax.selector, price, maxPrice), request);
    }

    /// Any change of terms, including collateral, fee, royalty and licence, rejects an order signed before it.
    function test_error_TermsChanged_P2(Terms memory terms) public {
        OrderRequest memory request = _request(root);
        terms.price = uint64(_bound(terms.price, 0, request.maxPrice));
        terms.floorBps = uint16(_bound(terms.floorBps, 0, 10_000));
        terms.royaltyBps = uint16(_bound(terms.royaltyBps, 0, 5000));
        terms.licence = uint16(_bound(terms.licence, 0, 7));
        bytes32 changed = keccak256(abi.encode(terms));
        vm.assume(changed != request.termsHash);
        vm.prank(CREATOR);
        registry.setTerms(root, terms);
        _expect(abi.encodeWithSelector(ICopyRegistry.TermsChanged.selector, changed, request.termsHash), request);
    }

    function test_error_MinterNotAllowed(address minter) public {
        vm.assume(minter != MINTER);
        OrderRequest memory request = _request(root);
        request.minter = minter;
        _expect(abi.encodeWithSelector(IMinterRegistry.MinterNotAllowed.selector, minter), request);
    }

    function test_error_BuyerSeedMissing() public {
        OrderRequest memory request = _request(root);
        request.buyerSeedHash = 0;
        _expect(abi.encodeWithSelector(ICopyRegistry.BuyerSeedMissing.selector), request);
    }

    function test_error_ERC20InsufficientAllowance() public {
        usd.mint(BUYER, 75e6);
        _expect(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(copyRegistry), 0, 75e6),
            _request(root)
        );
    }

    function test_error_ERC20InsufficientBalance() public {
        usd.mint(BUYER, 75e6 - 1);
        vm.prank(BUYER);
        usd.approve(address(copyRegistry), 75e6);
        _expect(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, BUYER, 75e6 - 1, 75e6),
            _request(root)
        );
    }

    /// Price and collateral at the limits of their types add up without truncation.
    function test_default_P6(uint64 price, uint64 collateral) public {
        Terms memory terms = _terms();
        (terms.price, terms.collateral) = (price, collateral);
        vm.prank(CREATOR);
        registry.setTerms(root, terms);
        OrderRequest memory request = _request(root);
        _fund(BUYER, address(copyRegistry), uint256(price) + collateral);

        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.Ordered(
            _copyId(1),
            root,
            BUYER,
            1,
            MINTER,
            price,
            collateral,
            0,
            request.termsHash,
            SEED_HASH,
            uint64(START) + DELIVER_WINDOW
        );
        vm.prank(BUYER);
        CopyId id = copyRegistry.order(request);

        Copy memory copy = copyRegistry.copies(id);
        vm.assertEq(CopyId.unwrap(id), 1, "the first copy is number 1");
        vm.assertEq(copyRegistry.totalCopies(), 1, "total");
        vm.assertTrue(copy.modelId == root, "model");
        vm.assertEq(copy.version, 1, "version");
        vm.assertTrue(copy.state == State.Ordered, "state");
        vm.assertEq(copy.buyer, BUYER, "buyer");
        vm.assertEq(copy.minter, MINTER, "minter");
        vm.assertEq(copy.price, price, "price");
        vm.assertEq(copy.collateral, collateral, "collateral");
        vm.assertEq(copy.acceptWindow, ACCEPT_WINDOW, "accept window");
        vm.assertEq(copy.fee, terms.fee, "fee");
        vm.assertEq(minterRegistry.minters(MINTER).openOrders, 1, "an order is open");
        vm.assertEq(copy.deadline, START + DELIVER_WINDOW, "deliver deadline");
        vm.assertEq(copy.termsHash, request.termsHash, "terms hash");
        vm.assertEq(copy.buyerSeedHash, SEED_HASH, "seed hash");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), uint256(price) + collateral, "in escrow");
        vm.assertEq(usd.balanceOf(BUYER), 0, "the buyer paid exactly the cost");
    }

    function test_behavior_aCopyKeepsItsTerms_P2(Terms memory later) public {
        later.royaltyBps = uint16(_bound(later.royaltyBps, 0, 5000));
        later.licence = uint16(_bound(later.licence, 0, 7));
        later.floorBps = uint16(_bound(later.floorBps, 0, 10_000));
        CopyId id = _order(BUYER, root);
        bytes32 before = keccak256(abi.encode(copyRegistry.copies(id)));
        vm.prank(CREATOR);
        registry.setTerms(root, later);
        vm.assertEq(keccak256(abi.encode(copyRegistry.copies(id))), before, "the copy is unchanged");
    }

    function _expect(bytes memory revertData, OrderRequest memory request) private {
        vm.expectRevert(revertData);
        vm.prank(BUYER);
        copyRegistry.order(request);
    }
}

contract OrderWithPermitTest is BaseTest {
    uint256 private constant KEY = 0xb0b;
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    address private signer;
    ModelId private root;

    function setUp() public override {
        super.setUp();
        root = _root();
        signer = vm.addr(KEY);
        usd.mint(signer, 75e6);
    }

    function test_error_ERC20InsufficientAllowance_badSignature() public {
        OrderRequest memory request = _request(root);
        Permit memory permit = _sign(75e6, block.timestamp);
        permit.s = bytes32(uint256(permit.s) ^ 1);
        _expectNoAllowance(request, permit);
    }

    function test_error_ERC20InsufficientAllowance_expired(uint256 late) public {
        late = _bound(late, 1, 1000 days);
        OrderRequest memory request = _request(root);
        Permit memory permit = _sign(75e6, block.timestamp);
        vm.warp(START + late);
        _expectNoAllowance(request, permit);
    }

    /// A permit signed by another account allows nothing.
    function test_error_ERC20InsufficientAllowance_ofAnotherSigner() public {
        OrderRequest memory request = _request(root);
        Permit memory permit = _sign(75e6, block.timestamp);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(copyRegistry), 0, 75e6)
        );
        vm.prank(STRANGER);
        copyRegistry.orderWithPermit(request, permit);
    }

    function test_default() public {
        OrderRequest memory request = _request(root);
        Permit memory permit = _sign(75e6, block.timestamp);
        vm.prank(signer);
        CopyId id = copyRegistry.orderWithPermit(request, permit);
        vm.assertEq(copyRegistry.copies(id).buyer, signer, "buyer");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 75e6, "in escrow");
        vm.assertEq(usd.allowance(signer, address(copyRegistry)), 0, "no allowance is left");
    }

    /// A permit that was used by a front-runner does not stop the order.
    function test_behavior_aFrontRunPermitDoesNotBlock_P14() public {
        OrderRequest memory request = _request(root);
        Permit memory permit = _sign(75e6, block.timestamp);
        vm.prank(STRANGER);
        usd.permit(signer, address(copyRegistry), permit.value, permit.deadline, permit.v, permit.r, permit.s);
        vm.prank(signer);
        CopyId id = copyRegistry.orderWithPermit(request, permit);
        _assertState(id, State.Ordered);
    }

    function _sign(uint256 value, uint256 deadline) private view returns (Permit memory) {
        bytes32 structHash = keccak256(
            abi.encode(PERMIT_TYPEHASH, signer, address(copyRegistry), value, usd.nonces(signer), deadline)
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(KEY, keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), structHash)));
        return Permit(value, deadline, v, r, s);
    }

    function _expectNoAllowance(OrderRequest memory request, Permit memory permit) private {
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(copyRegistry), 0, 75e6)
        );
        vm.prank(signer);
        copyRegistry.orderWithPermit(request, permit);
    }
}
