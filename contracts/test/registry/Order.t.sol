// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Copy, ICopyRegistry, Permit, State } from "../../src/interfaces/ICopyRegistry.sol";
import { IModelRegistry, Terms } from "../../src/interfaces/IModelRegistry.sol";
import { IProtocol, Parameter } from "../../src/interfaces/IProtocol.sol";
import { Quote } from "../../src/lib/Quotes.sol";
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
        Quote memory quote = _quote(BUYER, root);
        vm.prank(GUARDIAN);
        protocol.pause();
        _expect(abi.encodeWithSelector(IProtocol.ProtocolPaused.selector, START + 7 days), quote);
    }

    function test_error_ModelUnknown(uint256 id) public {
        vm.assume(id != 1);
        Quote memory quote = _quote(BUYER, root);
        quote.modelId = _modelId(id);
        _expect(abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, id), quote);
    }

    function test_error_ModelRetired() public {
        Quote memory quote = _quote(BUYER, root);
        vm.prank(CREATOR);
        registry.retire(root);
        _expect(abi.encodeWithSelector(ICopyRegistry.ModelRetired.selector, root), quote);
    }

    /// Another account may not mint the model, even if the protocol lists it as a minter.
    function test_error_MinterNotNamed(uint256 key) public {
        key = _bound(key, 1, type(uint128).max);
        Quote memory quote = _quote(BUYER, root);
        quote.minter = vm.addr(key);
        vm.assume(quote.minter != MINTER);
        _join(quote.minter);
        _expect(abi.encodeWithSelector(ICopyRegistry.MinterNotNamed.selector, root, quote.minter), key, quote);
    }

    /// A version has no key pool until it is committed to, and none exists for versions that do not.
    function test_error_KeyPoolMissing(uint32 version) public {
        vm.assume(version != 1);
        Quote memory quote = _quote(BUYER, root);
        vm.prank(CREATOR);
        registry.addVersion(root, MANIFEST_ROOT, URI);
        quote.version = version;
        _expect(abi.encodeWithSelector(ICopyRegistry.KeyPoolMissing.selector, root, version), quote);
    }

    /// Any change of terms, including price, collateral, fee, royalty and licence, rejects a quote made before it.
    function test_error_TermsChanged_P2(Terms memory terms) public {
        Quote memory quote = _quote(BUYER, root);
        terms.floorBps = uint16(_bound(terms.floorBps, 0, 10_000));
        terms.leakBps = uint16(_bound(terms.leakBps, 0, 10_000));
        terms.royaltyBps = uint16(_bound(terms.royaltyBps, 0, 5000));
        terms.licence = uint16(_bound(terms.licence, 0, 7));
        bytes32 changed = keccak256(abi.encode(terms));
        vm.assume(changed != quote.termsHash);
        vm.prank(CREATOR);
        registry.setTerms(root, terms);
        _expect(abi.encodeWithSelector(ICopyRegistry.TermsChanged.selector, changed, quote.termsHash), quote);
    }

    function test_error_NotQuoted(address caller) public {
        vm.assume(caller != BUYER);
        Quote memory quote = _quote(BUYER, root);
        bytes memory signature = _signQuote(quote);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NotQuoted.selector, caller, BUYER));
        vm.prank(caller);
        copyRegistry.order(quote, signature);
    }

    function test_error_BuyerSeedMissing() public {
        Quote memory quote = _quote(BUYER, root);
        quote.buyerSeedHash = 0;
        _expect(abi.encodeWithSelector(ICopyRegistry.BuyerSeedMissing.selector), quote);
    }

    function test_error_ERC20InsufficientAllowance() public {
        usd.mint(BUYER, 75e6);
        _expect(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(copyRegistry), 0, 75e6),
            _quote(BUYER, root)
        );
    }

    function test_error_ERC20InsufficientBalance() public {
        usd.mint(BUYER, 75e6 - 1);
        vm.prank(BUYER);
        usd.approve(address(copyRegistry), 75e6);
        _expect(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, BUYER, 75e6 - 1, 75e6),
            _quote(BUYER, root)
        );
    }

    /// Price, fee and collateral at the limits of their types add up without truncation.
    function test_default_P6(uint64 price, uint64 collateral, uint16 leakBps, uint32 fee) public {
        Terms memory terms = _terms();
        (terms.price, terms.collateral, terms.leakBps) = (price, collateral, uint16(_bound(leakBps, 0, 10_000)));
        vm.prank(CREATOR);
        registry.setTerms(root, terms);
        Quote memory quote = _quote(BUYER, root);
        quote.fee = fee;
        bytes memory signature = _signQuote(quote);
        uint64 leakBond = uint64((uint256(collateral) * terms.leakBps + 9999) / 10_000);
        _fund(BUYER, address(copyRegistry), uint256(price) + collateral + fee);

        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.Ordered(
            _copyId(1),
            root,
            BUYER,
            1,
            MINTER,
            price,
            collateral,
            leakBond,
            uint32(LEAK_TAIL),
            fee,
            PENALTY,
            quote.termsHash,
            SEED_HASH,
            uint64(START) + DELIVER_WINDOW
        );
        vm.prank(BUYER);
        CopyId id = copyRegistry.order(quote, signature);

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
        vm.assertEq(copy.leakBond, leakBond, "leak bond");
        vm.assertEq(copy.leakTail, LEAK_TAIL, "leak tail");
        vm.assertEq(copy.acceptWindow, ACCEPT_WINDOW, "accept window");
        vm.assertEq(copy.fee, terms.fee, "fee");
        vm.assertEq(copy.mintFee, fee, "minter's fee");
        vm.assertEq(copy.penalty, PENALTY, "penalty");
        vm.assertEq(minterRegistry.minters(MINTER).reserved, PENALTY, "the penalty is reserved");
        vm.assertEq(copy.deadline, START + DELIVER_WINDOW, "deliver deadline");
        vm.assertTrue(
            CopyId.unwrap(minterRegistry.orderOf(minterRegistry.quoteDigest(quote))) == 1, "the quote names the copy"
        );
        vm.assertEq(usd.balanceOf(address(copyRegistry)), uint256(price) + collateral + fee, "in escrow");
        vm.assertEq(usd.balanceOf(BUYER), 0, "the buyer paid exactly the cost");
    }

    function test_behavior_aCopyKeepsItsTerms_P2(Terms memory later) public {
        later.royaltyBps = uint16(_bound(later.royaltyBps, 0, 5000));
        later.licence = uint16(_bound(later.licence, 0, 7));
        later.floorBps = uint16(_bound(later.floorBps, 0, 10_000));
        later.leakBps = uint16(_bound(later.leakBps, 0, 10_000));
        CopyId id = _order(BUYER, root);
        bytes32 before = keccak256(abi.encode(copyRegistry.copies(id)));
        vm.prank(CREATOR);
        registry.setTerms(root, later);
        vm.prank(OWNER);
        protocol.set(Parameter.LeakTail, 1 days);
        _accrue();
        vm.assertEq(keccak256(abi.encode(copyRegistry.copies(id))), before, "the copy is unchanged");
    }

    /// Whoever is delisted keeps its open orders: only later ones are refused.
    function test_behavior_takingBackANameAffectsLaterOrders() public {
        CopyId id = _order(BUYER, root);
        Quote memory quote = _quote(BUYER, root);
        vm.prank(CREATOR);
        registry.nameMinter(root, MINTER, false);
        _expect(abi.encodeWithSelector(ICopyRegistry.MinterNotNamed.selector, root, MINTER), quote);
        _deliver(id);
        vm.prank(BUYER);
        copyRegistry.accept(id);
        _assertState(id, State.Active);
    }

    function _expect(bytes memory revertData, Quote memory quote) private {
        _expect(revertData, MINTER_KEY, quote);
    }

    function _expect(bytes memory revertData, uint256 key, Quote memory quote) private {
        bytes memory signature = _signQuote(key, quote);
        vm.expectRevert(revertData);
        vm.prank(BUYER);
        copyRegistry.order(quote, signature);
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
        Quote memory quote = _quote(signer, root);
        Permit memory permit = _sign(75e6, block.timestamp);
        permit.s = bytes32(uint256(permit.s) ^ 1);
        _expectNoAllowance(quote, permit);
    }

    function test_error_ERC20InsufficientAllowance_expired(uint256 late) public {
        late = _bound(late, 1, 1000 days);
        Quote memory quote = _quote(signer, root);
        Permit memory permit = _sign(75e6, block.timestamp);
        vm.warp(START + late);
        quote.expiresAt = type(uint64).max;
        _expectNoAllowance(quote, permit);
    }

    /// A permit signed by another account allows nothing.
    function test_error_ERC20InsufficientAllowance_ofAnotherSigner() public {
        Quote memory quote = _quote(STRANGER, root);
        bytes memory signature = _signQuote(quote);
        Permit memory permit = _sign(75e6, block.timestamp);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(copyRegistry), 0, 75e6)
        );
        vm.prank(STRANGER);
        copyRegistry.orderWithPermit(quote, signature, permit);
    }

    function test_default() public {
        Quote memory quote = _quote(signer, root);
        Permit memory permit = _sign(75e6, block.timestamp);
        bytes memory signature = _signQuote(quote);
        vm.prank(signer);
        CopyId id = copyRegistry.orderWithPermit(quote, signature, permit);
        vm.assertEq(copyRegistry.copies(id).buyer, signer, "buyer");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 75e6, "in escrow");
        vm.assertEq(usd.allowance(signer, address(copyRegistry)), 0, "no allowance is left");
    }

    /// A permit that was used by a front-runner does not stop the order.
    function test_behavior_aFrontRunPermitDoesNotBlock_P14() public {
        Quote memory quote = _quote(signer, root);
        Permit memory permit = _sign(75e6, block.timestamp);
        vm.prank(STRANGER);
        usd.permit(signer, address(copyRegistry), permit.value, permit.deadline, permit.v, permit.r, permit.s);
        bytes memory signature = _signQuote(quote);
        vm.prank(signer);
        CopyId id = copyRegistry.orderWithPermit(quote, signature, permit);
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

    function _expectNoAllowance(Quote memory quote, Permit memory permit) private {
        bytes memory signature = _signQuote(quote);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(copyRegistry), 0, 75e6)
        );
        vm.prank(signer);
        copyRegistry.orderWithPermit(quote, signature, permit);
    }
}
